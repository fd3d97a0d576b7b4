using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Olha.Bench;
using Olha.Load;

if (args.Length > 1 || args is [['-', ..]])
{
    Console.Error.WriteLine("usage: script/bench micro [filter]");
    return 2;
}

// In this process: another one would be built from a project that is made as it goes, past our lock files.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(new MemoryDiagnoser(new(displayGenColumns: false)))
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddColumn(StatisticColumn.Min)
    .HideColumns(
        Column.Job, Column.Toolchain, Column.StdDev, Column.Median, Column.RatioSD, Column.AllocRatio, Column.IterationCount,
        Column.LaunchCount, Column.WarmupCount)
    .AddLogger(ConsoleLogger.Default)
    .AddValidator(JitOptimizationsValidator.FailOnError)
    .WithArtifactsPath(Path.Combine(Workbench.Folder, "micro"));
var filter = args is [var word] ? word : null;
var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroReport).Assembly).Run(["--filter", $"*{filter}*"], config).ToList();
if (summaries.Count == 0 || summaries.Any(static it => it.HasCriticalValidationErrors || it.Reports.Any(static report => !report.Success))) return 1;

var page = filter is null ? Path.Combine(Workbench.Results, "micro.md") : Path.Combine(Workbench.Folder, "micro", "latest.md");
File.WriteAllText(page, MicroReport.Render(summaries, filter));
Console.WriteLine($"\n{Workbench.Shown(page)} has the figures.");
return 0;
