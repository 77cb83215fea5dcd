using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Units;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary><c>rectune models</c>: the built-in models in figures.</summary>
internal static class ModelsCommand
{
    public static CommandDescription Create() => new()
    {
        Name = "models",
        Summary = "List the built-in models with their sizes, work and default latency target.",
        Examples = ["rectune models", "rectune models --json"],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var models = Zoo.Names.Select(Read).ToList();
        invocation.Terminal.Json(new ModelList { Models = models });
        var table = Terminal.Table("model", "dense parameters", "FLOP/sample", "tables", "lookups/sample", "row bytes/sample", "input bytes/sample", "outputs", "fp32", "fp16", "int8", "int4", "default SLA", "from");
        foreach (var model in models)
        {
            table.AddRow(
                new Text(string.Join(" = ", model.Aliases.Prepend(model.Name))),
                new Text(model.DenseParameters.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{model.FlopsPerSample / 1e6:0.##}M")),
                new Text(model.Tables.ToString(CultureInfo.InvariantCulture)),
                new Text(model.LookupsPerSample.ToString(CultureInfo.InvariantCulture)),
                new Text(model.EmbeddingBytesPerSample.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(model.InputBytesPerSample.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(model.Outputs.ToString(CultureInfo.InvariantCulture)),
                new Text(new ByteSize(model.TableBytesFp32).ToString()),
                new Text(new ByteSize(model.TableBytesFp16).ToString()),
                new Text(new ByteSize(model.TableBytesInt8).ToString()),
                new Text(new ByteSize(model.TableBytesInt4).ToString()),
                new Text(new Sla { Percentile = model.Sla.Percentile, LimitMs = model.Sla.LimitMs }.ToString()),
                new Text(model.Sla.Source.ToString().ToLowerInvariant()));
        }

        invocation.Terminal.Result(table);
        foreach (var model in models)
        {
            invocation.Terminal.Detail($"{model.Name}: {model.Description}; shape {model.Source}; SLA {model.Sla.Where}");
        }

        return ExitCodes.Done;
    }

    private static ModelSummary Read(string name) =>
        Zoo.TryGetText(name, out var json) ? ModelSummary.Of(CardFormat.Read(json, $"zoo/{name}.json")) : throw new InvalidOperationException($"{name} is not built in");
}
