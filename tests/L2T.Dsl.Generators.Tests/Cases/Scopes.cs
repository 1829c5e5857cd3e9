namespace Sample;

[Student]
public sealed partial class Scopes
{
    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        using var _ = NewDisposeScope();
        using var h = x.relu();
        using (var scope = NewDisposeScope())
        using (var a = h.exp())
        {
            var kept = scope.MoveToOuter(a + 1);
            var (left, right) = scope.MoveToOuter(kept + 1, kept - 1);
            kept.Dispose();
            return (left * right).MoveToOuterDisposeScope();
        }
    }
}
