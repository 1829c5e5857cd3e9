namespace L2T.Dsl;

/// <summary>How a tensor is filled at the start. What the number <c>Scale</c> beside it means is said at each member.</summary>
public enum Init
{
    /// <summary>All zeros; the scale is not used.</summary>
    Zeros,

    /// <summary>All ones; the scale is not used.</summary>
    Ones,

    /// <summary>All elements are the scale.</summary>
    Constant,

    /// <summary>Normal with mean zero; the scale is the standard deviation.</summary>
    Normal,

    /// <summary>
    /// Uniform on +-gain sqrt(3 / fan-in) (He et al. 2015); the scale is the gain. Fan-in is the number of elements of
    /// one slice of the first dimension.
    /// </summary>
    KaimingUniform,

    /// <summary>Uniform on +-gain sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio 2010); the scale is the gain.</summary>
    XavierUniform,

    /// <summary>The identity matrix times the scale.</summary>
    Identity,
}
