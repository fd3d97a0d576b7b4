using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Olha.Proof;

/// <summary>How often each step from one piece of the instrumented code to another was taken. Public, because that code calls it.</summary>
public static class Coverage
{
    const int Size = 1 << 16;

    static readonly byte[] s_steps = new byte[Size];
    static readonly byte[] s_seen = new byte[Size];
    static readonly int[] s_taken = new int[Size];
    static int s_count;
    static int s_last;

    /// <summary>A piece of code begins.</summary>
    public static void Hit(int piece)
    {
        var step = (s_last ^ piece) & (Size - 1);
        if (s_steps[step] == 0) s_taken[s_count++] = step;
        if (s_steps[step] < byte.MaxValue) s_steps[step]++;
        s_last = piece >> 1;
    }

    internal static void Begin()
    {
        foreach (var step in s_taken.AsSpan(0, s_count)) s_steps[step] = 0;
        s_count = s_last = 0;
    }

    /// <summary>Whether a step was taken that never was before, or much more often than before. Counts go by their power of two, as AFL's do.</summary>
    internal static bool IsNew()
    {
        var found = false;
        foreach (var step in s_taken.AsSpan(0, s_count))
        {
            var often = (byte)(1 << System.Numerics.BitOperations.Log2(s_steps[step]));
            found |= (s_seen[step] & often) == 0;
            s_seen[step] |= often;
        }
        return found;
    }

    /// <summary>From here on everything is new.</summary>
    internal static void Forget() => Array.Clear(s_seen);

    internal static int Steps => s_seen.Count(static it => it != 0);
}

/// <summary>Copies of the program's assemblies that tell <see cref="Coverage"/> where they have been.</summary>
internal sealed class Instrumented : AssemblyLoadContext
{
    static readonly string[] s_instrumented = ["Olha.Protocol", "olha"];

    readonly string _folder;

    /// <param name="folder">Where the program was built.</param>
    public Instrumented(string folder) => _folder = folder;

    protected override Assembly? Load(AssemblyName name)
    {
        var path = Path.Combine(_folder, $"{name.Name}.dll");
        if (name.Name == typeof(Coverage).Assembly.GetName().Name || !File.Exists(path)) return null;
        if (!s_instrumented.Contains(name.Name)) return LoadFromAssemblyPath(path);

        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(_folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });
        var hit = assembly.MainModule.ImportReference(typeof(Coverage).GetMethod(nameof(Coverage.Hit)));
        var number = 1;
        foreach (var method in assembly.MainModule.GetTypes().SelectMany(static type => type.Methods).Where(static method => method.HasBody)) Instrument(method.Body, hit, ref number);
        using var image = new MemoryStream();
        assembly.Write(image);
        image.Position = 0;
        return LoadFromStream(image);
    }

    static void Instrument(Mono.Cecil.Cil.MethodBody body, MethodReference hit, ref int number)
    {
        body.SimplifyMacros();
        var code = body.Instructions;
        var starts = new HashSet<Instruction> { code[0] };
        foreach (var one in code)
        {
            if (one.Operand is Instruction target) starts.Add(target);
            if (one.Operand is Instruction[] targets) starts.UnionWith(targets);
            if (one.OpCode.FlowControl == FlowControl.Cond_Branch) starts.Add(one.Next);
        }
        foreach (var start in starts)
        {
            // What jumps here jumps to this object: it becomes the call, and what it was follows.
            var was = Instruction.Create(OpCodes.Nop);
            (was.OpCode, was.Operand) = (start.OpCode, start.Operand);
            // SplitMix's multiplier spreads neighbours over the table.
            (start.OpCode, start.Operand) = (OpCodes.Ldc_I4, unchecked((int)(number++ * 0x9E3779B1u)) & 0xFFFF);
            var at = code.IndexOf(start);
            code.Insert(at + 1, Instruction.Create(OpCodes.Call, hit));
            code.Insert(at + 2, was);
        }
        body.OptimizeMacros();
    }
}
