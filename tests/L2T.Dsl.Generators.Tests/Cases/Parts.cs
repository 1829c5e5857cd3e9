[Student]
public partial class Parts
{
    [Parameter(2)] public partial Tensor First { get; }
}

public partial class Parts
{
    [Parameter(3)] public partial Tensor @new { get; }

    public partial Tensor Forward([Shape("N", 2)] Tensor x);
}

partial class Parts
{
#pragma warning disable CS8826 // Another name than in the declaration.
    public partial Tensor Forward(Tensor input) => input * First + @new.sum();
}
