namespace Rectune.Core.Domain;

/// <summary>Receives measurements one by one.</summary>
public interface IMeasurementSink
{
    /// <summary>A configuration was measured at one batch.</summary>
    void Measured(MeasurementRow row);

    /// <summary>A configuration could not be measured; the rest goes on.</summary>
    void Failed(Configuration configuration, string why);
}
