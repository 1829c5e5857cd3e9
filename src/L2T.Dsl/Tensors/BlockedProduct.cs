using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Matrix products in blocks that the caches hold: panels of both factors are copied into the order in which they are read, and tiles of the result
/// are summed up in registers (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008). Each element is
/// summed in the same order for any number of threads.
/// </summary>
internal static unsafe class BlockedProduct
{
    // Six rows of two vectors take twelve of the sixteen registers; two more hold a row of the right factor's panel, one an element of the left's.
    private const int TileRows = 6;
    private const int TileVectors = 2;

    // So deep a panel of the right factor takes 25 KiB, most of a first-level cache, and so much of the left factor 412 KiB, most of a second-level
    // one.
    private const long MostDepth = 400;
    private const long MostBlock = 264 * MostDepth * sizeof(float);

    // Where less is summed over, a tile is read and written more than it is computed; smaller products end before sharing and packing have paid.
    // libtorch's batches of small matrices leave more to be gained.
    private const long LeastDepth = 192;
    private const long LeastDepthInBatches = 16;
    private const long LeastWork = 1 << 21;
    private const long LeastWorkInBatches = 1 << 14;

    // Multiply-adds that take about as long as an element of a loop.
    private const long PerElement = 8;

    /// <summary>
    /// Whether these products may be faster than libtorch's, which are MKL's: that was measured on AMD's Zen 3 alone. Two threads took, of MKL's time,
    /// 0.9 to 1.02 for several hundred rows and columns, 0.8 to 0.95 while the machine's neighbours were busy, 0.7 for [64, 1000] [1000, 1000], and 0.4
    /// to 0.7 for [256, 1000] [1000, 10]; for batches of attention's matrices, [25, 64] [64, 25] in four heads, 0.7 with the copies of the heads that
    /// libtorch makes, and as long without them. Where there is AVX-512, MKL's vectors are twice as wide.
    /// </summary>
    private static readonly bool IsFaster = IsSupported && !Avx512F.IsSupported
        && X86Base.CpuId(0, 0) is (_, Ebx: 0x68747541, Ecx: 0x444D4163, Edx: 0x69746E65); // AuthenticAMD

    private static bool IsSupported => Fma.IsSupported && Avx2.IsSupported && Vector<byte>.Count == Vector256<byte>.Count;

    /// <summary>
    /// c = a b, or c += a b, for matrices or for batches of matrices with equal leading sizes, where that is faster so and they lie in main memory by
    /// rows or by columns, c by rows.
    /// </summary>
    /// <returns>Whether it has been done.</returns>
    public static bool TryRun(Tensor c, Tensor a, Tensor b, bool adds) => IsFaster && Pays(c, a) && TryRunAnySize(c, a, b, adds);

    /// <summary>The same whether it is faster so or not, where the processor can.</summary>
    internal static bool TryRunAnySize(Tensor c, Tensor a, Tensor b, bool adds) =>
        IsSupported && c.dtype switch
        {
            ScalarType.Float32 => TryRun<float>(c, a, b, adds),
            ScalarType.Float64 => TryRun<double>(c, a, b, adds),
            _ => false,
        };

    private static bool Pays(Tensor c, Tensor a)
    {
        var (m, n, k) = (c.size(-2), c.size(-1), a.size(-1));
        var batches = c.numel() / Math.Max(1, m * n);
        return Math.Min(m, n) >= TileRows && batches * m * n * k >= LeastWork
            && (batches == 1 ? k >= LeastDepth : k >= LeastDepthInBatches && m * n * k >= LeastWorkInBatches);
    }

    private static bool TryRun<T>(Tensor c, Tensor a, Tensor b, bool adds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What does not fit together is libtorch's to reject, and so is what has no elements.
        if (Factors<T>.Of(c) is not { First.ColumnStride: 1 } result || Factors<T>.Of(a) is not { } left || Factors<T>.Of(b) is not { } right
            || !left.Batch.SequenceEqual(result.Batch) || !right.Batch.SequenceEqual(result.Batch)
            || (left.Rows, right.Columns, left.Columns) != (result.Rows, result.Columns, right.Rows))
        {
            return false;
        }

        var (m, n, k, batches) = (result.Rows, result.Columns, left.Columns, result.Count);
        if (batches == 1 || m * n * k >= LeastWork)
        {
            // Each is worth sharing out.
            for (var i = 0L; i < batches; i++)
                Run(new Product<T>(result[i], left[i], right[i], m, n, k, adds));
            return true;
        }

        LoopThreads.ByRows(batches, m * n * k / PerElement, (result, left, right, m, n, k, adds), static (part, p) =>
        {
            for (var i = part.FromRow; i < part.ToRow; i++)
                new Product<T>(p.result[i], p.left[i], p.right[i], p.m, p.n, p.k, p.adds).Compute();
        });
        return true;
    }

    // Shared by rows or by columns, of which there are more.
    private static void Run<T>(Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (m, n, k) = (product.Rows, product.Columns, product.Depth);
        if (m >= n)
        {
            var panels = Units(m, TileRows);
            LoopThreads.ByRows(panels, m * n * k / panels / PerElement, product, static (part, p) => p.OfRows(part.FromRow, part.ToRow).Compute());
        }
        else
        {
            var panels = Units(n, Product<T>.TileColumns);
            LoopThreads.ByRows(panels, m * n * k / panels / PerElement, product, static (part, p) => p.OfColumns(part.FromRow, part.ToRow).Compute());
        }
    }

    private static long Units(long size, long unit) => (size + unit - 1) / unit;

    // At most so many at a time, in parts as equal as whole units allow.
    private static long Even(long size, long most, long unit) => Units(Units(size, Units(size, most)), unit) * unit;

    private static T* Aligned<T>(T* address)
        where T : unmanaged => (T*)(((nint)address + 63) & ~63);

    /// <summary>A matrix in main memory.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="rowStride">How far rows are apart, in elements.</param>
    /// <param name="columnStride">How far columns are apart.</param>
    private readonly struct Factor<T>(T* start, long rowStride, long columnStride)
        where T : unmanaged
    {
        public T* Start { get; } = start;

        public long RowStride { get; } = rowStride;

        public long ColumnStride { get; } = columnStride;

        public Factor<T> Transposed => new(Start, ColumnStride, RowStride);

        public Factor<T> From(long row, long column) => new(Start + (row * RowStride) + (column * ColumnStride), RowStride, ColumnStride);
    }

    /// <summary>A batch of matrices in main memory.</summary>
    private readonly struct Factors<T>(Factor<T> first, long[] sizes, long[] strides)
        where T : unmanaged
    {
        public Factor<T> First { get; } = first;

        /// <summary>The leading sizes.</summary>
        public ReadOnlySpan<long> Batch => sizes.AsSpan(0, sizes.Length - 2);

        public long Rows => sizes[^2];

        public long Columns => sizes[^1];

        /// <summary>How many matrices there are.</summary>
        public long Count
        {
            get
            {
                var count = 1L;
                foreach (var size in Batch)
                    count *= size;
                return count;
            }
        }

        public Factor<T> this[long number]
        {
            get
            {
                var offset = 0L;
                for (var axis = sizes.Length - 3; axis >= 0; axis--)
                {
                    offset += number % sizes[axis] * strides[axis];
                    number /= sizes[axis];
                }

                return new(First.Start + offset, First.RowStride, First.ColumnStride);
            }
        }

        /// <summary>Those of a tensor whose rows or columns lie one behind the other; else null.</summary>
        public static Factors<T>? Of(Tensor batch)
        {
            var type = typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32;
            if (batch.dtype != type || batch.device_type != TorchSharp.DeviceType.CPU || batch.dim() < 2 || batch.numel() == 0)
                return null;

            long[] sizes = batch.shape, strides = batch.stride();
            if (strides[^1] != 1 && strides[^2] != 1)
                return null;

            using var start = batch.as_strided([1], [1], batch.storage_offset());
            return new(new((T*)HostMemory.Address(start), strides[^2], strides[^1]), sizes, strides);
        }
    }

    /// <summary>One thread's part.</summary>
    private readonly struct Product<T>(Factor<T> c, Factor<T> a, Factor<T> b, long m, long n, long k, bool adds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int TileColumns => TileVectors * Vector<T>.Count;

        public long Rows => m;

        public long Columns => n;

        public long Depth => k;

        public Product<T> OfRows(long fromPanel, long toPanel)
        {
            var (from, to) = (fromPanel * TileRows, Math.Min(m, toPanel * TileRows));
            return new(c.From(from, 0), a.From(from, 0), b, to - from, n, k, adds);
        }

        public Product<T> OfColumns(long fromPanel, long toPanel)
        {
            var (from, to) = (fromPanel * TileColumns, Math.Min(n, toPanel * TileColumns));
            return new(c.From(0, from), a, b.From(0, from), m, to - from, k, adds);
        }

        public void Compute()
        {
            var depth = Even(k, MostDepth, 1);
            var rows = Even(m, MostBlock / (depth * sizeof(T)), TileRows);
            var memory = ArrayPool<T>.Shared.Rent((int)((depth * (rows + TileColumns)) + (128 / sizeof(T))));
            fixed (T* start = memory)
            {
                var right = Aligned(start);
                var left = Aligned(right + (depth * TileColumns));
                for (var p = 0L; p < k; p += depth)
                {
                    for (var i = 0L; i < m; i += rows)
                        Block(i, Math.Min(rows, m - i), p, Math.Min(depth, k - p), left, right);
                }
            }

            ArrayPool<T>.Shared.Return(memory);
        }

        // The left factor's panels lie in the second-level cache and go by the right factor's, which are packed one by one into the first-level one.
        private void Block(long firstRow, long rows, long first, long depth, T* left, T* right)
        {
            for (var i = 0L; i < rows; i += TileRows)
                Pack(left + (i * depth), a.From(firstRow + i, first), Math.Min(TileRows, rows - i), depth, TileRows);

            for (var j = 0L; j < n; j += TileColumns)
            {
                var columns = Math.Min(TileColumns, n - j);
                Pack(right, b.From(first, j).Transposed, columns, depth, TileColumns);
                Tiles(c.From(firstRow, j), left, right, rows, columns, depth, adds || first > 0);
            }
        }

        private static void Tiles(Factor<T> to, T* left, T* right, long rows, long columns, long depth, bool adds)
        {
            var edge = stackalloc T[TileRows * TileColumns];
            for (var i = 0L; i < rows; i += TileRows)
            {
                var tile = to.From(i, 0);
                if (rows - i >= TileRows && columns == TileColumns)
                {
                    Tile(tile.Start, tile.RowStride, left + (i * depth), right, depth, adds);
                }
                else
                {
                    Tile(edge, TileColumns, left + (i * depth), right, depth, adds: false);
                    CopyEdge(tile, edge, Math.Min(TileRows, rows - i), columns, adds);
                }
            }
        }

        private static void CopyEdge(Factor<T> to, T* edge, long rows, long columns, bool adds)
        {
            for (var i = 0L; i < rows; i++)
            {
                var row = new Strip<T>((nint)to.From(i, 0).Start);
                for (var j = 0; j < columns; j += Vector<T>.Count)
                {
                    var sum = Load(edge + (i * TileColumns) + j);
                    row.Store(j, columns - j, adds ? row.Load(j, columns - j) + sum : sum);
                }
            }
        }

        // Twelve sums by name: only so does each stay in its register. Four terms at a time: the fewer other instructions there are, the less it
        // matters whether the core is shared.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Tile(T* to, long stride, T* left, T* right, long depth, bool adds)
        {
            Vector<T> r00 = default, r01 = default, r10 = default, r11 = default, r20 = default, r21 = default;
            Vector<T> r30 = default, r31 = default, r40 = default, r41 = default, r50 = default, r51 = default;
            for (var row = 0; row < TileRows; row++)
            {
                // Needed when the sums are done, by which time it has come.
                Sse.Prefetch0(to + (row * stride));
                Sse.Prefetch0(to + (row * stride) + TileColumns - 1);
            }

            var end = left + (TileRows * depth);
            for (var whole = left + (TileRows * (depth - (depth % 4))); left < whole; left += 4 * TileRows, right += 4 * TileColumns)
            {
                Accumulate(
                    left, right, ref r00, ref r01, ref r10, ref r11, ref r20, ref r21,
                    ref r30, ref r31, ref r40, ref r41, ref r50, ref r51);
                Accumulate(
                    left + TileRows, right + TileColumns, ref r00, ref r01, ref r10, ref r11, ref r20, ref r21,
                    ref r30, ref r31, ref r40, ref r41, ref r50, ref r51);
                Accumulate(
                    left + (2 * TileRows), right + (2 * TileColumns), ref r00, ref r01, ref r10, ref r11, ref r20, ref r21,
                    ref r30, ref r31, ref r40, ref r41, ref r50, ref r51);
                Accumulate(
                    left + (3 * TileRows), right + (3 * TileColumns), ref r00, ref r01, ref r10, ref r11, ref r20, ref r21,
                    ref r30, ref r31, ref r40, ref r41, ref r50, ref r51);
            }

            for (; left < end; left += TileRows, right += TileColumns)
            {
                Accumulate(
                    left, right, ref r00, ref r01, ref r10, ref r11, ref r20, ref r21,
                    ref r30, ref r31, ref r40, ref r41, ref r50, ref r51);
            }

            Store(to, r00, r01, adds);
            Store(to + stride, r10, r11, adds);
            Store(to + (2 * stride), r20, r21, adds);
            Store(to + (3 * stride), r30, r31, adds);
            Store(to + (4 * stride), r40, r41, adds);
            Store(to + (5 * stride), r50, r51, adds);
        }

        // Adds the product of a column of the left panel and a row of the right one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Accumulate(
            T* left,
            T* right,
            ref Vector<T> r00,
            ref Vector<T> r01,
            ref Vector<T> r10,
            ref Vector<T> r11,
            ref Vector<T> r20,
            ref Vector<T> r21,
            ref Vector<T> r30,
            ref Vector<T> r31,
            ref Vector<T> r40,
            ref Vector<T> r41,
            ref Vector<T> r50,
            ref Vector<T> r51)
        {
            Vector<T> b0 = Load(right), b1 = Load(right + Vector<T>.Count);
            var x = new Vector<T>(left[0]);
            r00 = MultiplyAdd(x, b0, r00);
            r01 = MultiplyAdd(x, b1, r01);
            x = new Vector<T>(left[1]);
            r10 = MultiplyAdd(x, b0, r10);
            r11 = MultiplyAdd(x, b1, r11);
            x = new Vector<T>(left[2]);
            r20 = MultiplyAdd(x, b0, r20);
            r21 = MultiplyAdd(x, b1, r21);
            x = new Vector<T>(left[3]);
            r30 = MultiplyAdd(x, b0, r30);
            r31 = MultiplyAdd(x, b1, r31);
            x = new Vector<T>(left[4]);
            r40 = MultiplyAdd(x, b0, r40);
            r41 = MultiplyAdd(x, b1, r41);
            x = new Vector<T>(left[5]);
            r50 = MultiplyAdd(x, b0, r50);
            r51 = MultiplyAdd(x, b1, r51);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(T* to, Vector<T> first, Vector<T> second, bool adds)
        {
            Unsafe.WriteUnaligned(to, adds ? Load(to) + first : first);
            Unsafe.WriteUnaligned(to + Vector<T>.Count, adds ? Load(to + Vector<T>.Count) + second : second);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector<T> Load(T* from) => Unsafe.ReadUnaligned<Vector<T>>(from);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector<T> MultiplyAdd(Vector<T> x, Vector<T> y, Vector<T> sum) =>
            typeof(T) == typeof(double)
                ? Vector.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), sum.As<T, double>()).As<double, T>()
                : Vector.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), sum.As<T, float>()).As<float, T>();

        // A panel of so many rows, column by column, filled up with zeros.
        private static void Pack(T* to, Factor<T> panel, long rows, long depth, int width)
        {
            if (rows < width)
                new Span<T>(to, checked((int)(width * depth))).Clear();

            if (panel.RowStride == 1)
                PackColumns(to, panel, rows, depth, width);
            else
                PackRows(to, panel, rows, depth, width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void PackColumns(T* to, Factor<T> panel, long rows, long depth, int width)
        {
            var from = panel.Start;
            for (var end = to + (width * depth); to < end; to += width, from += panel.ColumnStride)
            {
                // Of constant lengths, so that they are a few moves.
                if (rows == TileRows && width == TileRows)
                    Unsafe.CopyBlockUnaligned(to, from, (uint)(TileRows * sizeof(T)));
                else if (rows == TileColumns)
                    Unsafe.CopyBlockUnaligned(to, from, (uint)(TileColumns * sizeof(T)));
                else
                    Copy(new((nint)to), new((nint)from), rows);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy(Strip<T> to, Strip<T> from, long count)
        {
            for (var i = 0L; i < count; i += Vector<T>.Count)
                to.Store(i, count - i, from.Load(i, count - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void PackRows(T* to, Factor<T> panel, long rows, long depth, int width)
        {
            var row = 0;
            if (typeof(T) == typeof(float) && Sse.IsSupported && panel.ColumnStride == 1)
            {
                for (; row + 4 <= rows; row += 4)
                    PackFourRows((float*)(to + row), (float*)panel.From(row, 0).Start, panel.RowStride, depth, width);
                for (; row + 2 <= rows; row += 2)
                    PackTwoRows((float*)(to + row), (float*)panel.From(row, 0).Start, panel.RowStride, depth, width);
            }

            for (; row < rows; row++)
            {
                var from = panel.From(row, 0).Start;
                for (T* at = to + row, end = at + (width * depth); at < end; at += width, from += panel.ColumnStride)
                    *at = *from;
            }
        }

        // Four by four at a time, transposed in registers.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void PackFourRows(float* to, float* from, long stride, long depth, int width)
        {
            var p = 0L;
            for (; p + 4 <= depth; p += 4, to += 4 * width)
            {
                var (r0, r1) = (Sse.LoadVector128(from + p), Sse.LoadVector128(from + stride + p));
                var (r2, r3) = (Sse.LoadVector128(from + (2 * stride) + p), Sse.LoadVector128(from + (3 * stride) + p));
                var (low01, low23, high01, high23) = (Sse.UnpackLow(r0, r1), Sse.UnpackLow(r2, r3), Sse.UnpackHigh(r0, r1), Sse.UnpackHigh(r2, r3));
                Sse.Store(to, Sse.MoveLowToHigh(low01, low23));
                Sse.Store(to + width, Sse.MoveHighToLow(low23, low01));
                Sse.Store(to + (2 * width), Sse.MoveLowToHigh(high01, high23));
                Sse.Store(to + (3 * width), Sse.MoveHighToLow(high23, high01));
            }

            for (; p < depth; p++, to += width)
            {
                for (var row = 0; row < 4; row++)
                    to[row] = from[(row * stride) + p];
            }
        }

        // Two by four at a time.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void PackTwoRows(float* to, float* from, long stride, long depth, int width)
        {
            var p = 0L;
            for (; p + 4 <= depth; p += 4, to += 4 * width)
            {
                var (r0, r1) = (Sse.LoadVector128(from + p), Sse.LoadVector128(from + stride + p));
                var (low, high) = (Sse.UnpackLow(r0, r1), Sse.UnpackHigh(r0, r1));
                Sse.StoreLow(to, low);
                Sse.StoreHigh(to + width, low);
                Sse.StoreLow(to + (2 * width), high);
                Sse.StoreHigh(to + (3 * width), high);
            }

            for (; p < depth; p++, to += width)
                (to[0], to[1]) = (from[p], from[stride + p]);
        }
    }
}
