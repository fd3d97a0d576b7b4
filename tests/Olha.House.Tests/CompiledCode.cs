using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Olha.House.Tests;

/// <summary>One use of a type by another, somewhere in a signature or a method's body.</summary>
internal sealed record Use(string FromType, string FromSpace, string ToSpace, string ToType);

/// <summary>What compiled code uses and says, read from its IL.</summary>
internal sealed class CompiledCode(ModuleDefinition module)
{
    public CompiledCode(System.Reflection.Assembly assembly) : this(ModuleDefinition.ReadModule(assembly.Location)) { }

    /// <summary>All types, nested ones and those that the compiler made included.</summary>
    public IEnumerable<TypeDefinition> Types => module.GetAllTypes();

    public IEnumerable<string> References => module.AssemblyReferences.Select(reference => reference.Name);

    /// <summary>Every use, by types that were written in a namespace.</summary>
    public IEnumerable<Use> Uses() =>
        from type in Types
        let user = Outermost(type)
        where user.Namespace.Length > 0
        from used in UsedBy(type).Select(Outermost).Distinct()
        select new Use(user.FullName, user.Namespace, used.Namespace, used.FullName);

    /// <summary>Every text that a method's body loads, with the method.</summary>
    public IEnumerable<(string Method, string Text)> Texts() =>
        from method in Bodies()
        from instruction in method.Body.Instructions
        where instruction.OpCode == OpCodes.Ldstr
        select (method.FullName, (string)instruction.Operand);

    /// <summary>Every method that is called, with who calls it.</summary>
    public IEnumerable<(string Method, MethodReference Called)> Calls() =>
        from method in Bodies()
        from instruction in method.Body.Instructions
        where instruction.Operand is MethodReference
        select (method.FullName, (MethodReference)instruction.Operand);

    IEnumerable<MethodDefinition> Bodies() => Types.SelectMany(type => type.Methods).Where(method => method.HasBody);

    // A closure or a state machine belongs to whom it was written in.
    static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    static IEnumerable<TypeReference> UsedBy(TypeDefinition type) =>
        Written(type).Where(used => used is not null).SelectMany(used => Parts(used!));

    static IEnumerable<TypeReference?> Written(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var implemented in type.Interfaces) yield return implemented.InterfaceType;
        foreach (var used in type.CustomAttributes.SelectMany(Named)) yield return used;
        foreach (var field in type.Fields) yield return field.FieldType;
        foreach (var property in type.Properties) yield return property.PropertyType;
        foreach (var used in type.Methods.SelectMany(Written)) yield return used;
    }

    static IEnumerable<TypeReference?> Written(MethodDefinition method)
    {
        foreach (var used in Signature(method)) yield return used;
        foreach (var used in method.CustomAttributes.SelectMany(Named)) yield return used;
        if (!method.HasBody) yield break;
        foreach (var local in method.Body.Variables) yield return local.VariableType;
        foreach (var handler in method.Body.ExceptionHandlers) yield return handler.CatchType;
        foreach (var used in method.Body.Instructions.SelectMany(Named)) yield return used;
    }

    static IEnumerable<TypeReference?> Named(CustomAttribute attribute) =>
        attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Append(attribute.AttributeType);

    static IEnumerable<TypeReference?> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => Signature(method),
        _ => [],
    };

    static IEnumerable<TypeReference?> Signature(MethodReference method)
    {
        yield return method.DeclaringType;
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters) yield return parameter.ParameterType;
        if (method is GenericInstanceMethod generic)
            foreach (var argument in generic.GenericArguments) yield return argument;
    }

    // List<Room>[] is a use of List and of Room.
    static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
