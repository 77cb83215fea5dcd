namespace Rectune.Engine.Kernels;

/// <summary>One fp64 number.</summary>
internal readonly struct ScalarReals(double value) : IReals<ScalarReals>
{
    public readonly double Value = value;

    public static ScalarReals operator +(ScalarReals left, ScalarReals right) => new(left.Value + right.Value);

    public static ScalarReals operator -(ScalarReals left, ScalarReals right) => new(left.Value - right.Value);

    public static ScalarReals operator *(ScalarReals left, ScalarReals right) => new(left.Value * right.Value);

    public static ScalarReals operator /(ScalarReals left, ScalarReals right) => new(left.Value / right.Value);

    public static ScalarReals Of(double value) => new(value);

    public static ScalarReals Sqrt(ScalarReals value) => new(Math.Sqrt(value.Value));

    public static ScalarReals WhereLess(ScalarReals left, ScalarReals right, ScalarReals yes, ScalarReals no) => left.Value < right.Value ? yes : no;

    public static ScalarReals Exponent(ScalarReals value) => new(Math.ILogB(value.Value));

    public static ScalarReals Significand(ScalarReals value) => new(Math.ScaleB(value.Value, -Math.ILogB(value.Value)));
}
