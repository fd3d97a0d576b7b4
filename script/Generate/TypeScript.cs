using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Olha.Protocol;

namespace Olha.Generate;

/// <summary>The wire contract in TypeScript, read from the JSON contract itself: what it would write is what is typed.</summary>
public static class TypeScript
{
    const string Head = """
        // Generated from src/Olha.Protocol by script/generate. Do not edit.
        // Nothing is null on the wire: what has no value is absent. Ids, revisions and figures are numbers, times RFC 3339 in UTC.


        """;

    public static string Render()
    {
        var writer = new Writer();
        foreach (var root in typeof(ProtocolJson).GetCustomAttributesData().Where(a => a.AttributeType == typeof(JsonSerializableAttribute)))
            writer.Reach((Type)root.ConstructorArguments[0].Value!);
        writer.CloseCodes();
        writer.RefusalCodes();
        return Head + writer.Text;
    }

    sealed class Writer
    {
        static readonly JsonNamingPolicy Camel = JsonNamingPolicy.CamelCase;
        readonly StringBuilder _text = new();
        readonly XmlDocs _docs = new(typeof(ProtocolJson).Assembly);
        readonly HashSet<Type> _reached = [];

        public string Text => _text.ToString();

        /// <summary>Writes a type of ours, then those that it names.</summary>
        public void Reach(Type type)
        {
            if (type.Assembly != typeof(ProtocolJson).Assembly || !_reached.Add(type)) return;
            if (type.IsEnum) Words(type);
            else if (Contract(type).PolymorphismOptions is { } union) Union(type, union);
            else Shape(type, tag: null);
        }

        public void CloseCodes()
        {
            Doc(_docs.Of(typeof(CloseCode)), "");
            _text.AppendLine("export const CloseCode = {");
            foreach (var code in Enum.GetValues<CloseCode>())
            {
                Doc(_docs.Of(typeof(CloseCode).GetField(code.ToString())!), "\t");
                _text.AppendLine($"\t{code}: {(int)code},");
            }

            _text.AppendLine("} as const;").AppendLine("export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];").AppendLine();
        }

        public void RefusalCodes()
        {
            var refusals = typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.FieldType == typeof(Refusal)).Select(field => (Refusal)field.GetValue(null)!);
            Doc("Every code that a refusal can have. A newer server may know more.", "");
            Alternatives("RefusalCode", refusals.Select(refusal => refusal.Code));
        }

        void Words(Type type)
        {
            Doc(_docs.Of(type), "");
            Alternatives(type.Name, Enum.GetNames(type).Select(Camel.ConvertName));
        }

        void Union(Type type, JsonPolymorphismOptions union)
        {
            Doc(_docs.Of(type), "");
            _text.AppendLine($"export type {type.Name} =");
            _text.AppendJoin('\n', union.DerivedTypes.Select(derived => $"\t| {derived.DerivedType.Name}")).AppendLine(";").AppendLine();
            foreach (var derived in union.DerivedTypes)
                if (_reached.Add(derived.DerivedType)) Shape(derived.DerivedType, $"{union.TypeDiscriminatorPropertyName}: '{derived.TypeDiscriminator}'");
        }

        void Shape(Type type, string? tag)
        {
            var properties = Contract(type).Properties.Where(property => property.Get is not null).ToList();
            Doc(_docs.Of(type), "");
            _text.AppendLine($"export interface {type.Name} {{");
            if (tag is not null) _text.AppendLine($"\t{tag};");
            foreach (var property in properties)
            {
                if (property.AttributeProvider is MemberInfo member) Doc(_docs.Of(member), "\t");
                _text.AppendLine($"\t{property.Name}{(MayBeAbsent(property) ? "?" : "")}: {TypeOf(property)};");
            }

            _text.AppendLine("}").AppendLine();
            foreach (var property in properties) ReachInto(property.PropertyType);
        }

        void ReachInto(Type type)
        {
            foreach (var argument in type.GetGenericArguments()) ReachInto(argument);
            Reach(type);
        }

        void Alternatives(string name, IEnumerable<string> words)
        {
            _text.AppendLine($"export type {name} =");
            _text.AppendJoin('\n', words.Select(word => $"\t| '{word}'")).AppendLine(";").AppendLine();
        }

        void Doc(string? text, string indent)
        {
            if (text is not null) _text.AppendLine($"{indent}/** {text} */");
        }

        static JsonTypeInfo Contract(Type type) =>
            ProtocolJson.Wire.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} has no JSON contract");

        static bool MayBeAbsent(JsonPropertyInfo property) =>
            property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null
            || property.AssociatedParameter is { HasDefaultValue: true };

        static string TypeOf(JsonPropertyInfo property) =>
            property is { Name: "code", PropertyType: var type } && type == typeof(string) ? "RefusalCode" : TypeOf(property.PropertyType);

        static string TypeOf(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type == typeof(string) || type == typeof(DateTimeOffset)) return "string";
            if (type == typeof(bool)) return "boolean";
            if (type == typeof(int) || type == typeof(long) || type == typeof(double)) return "number";
            if (type.Assembly == typeof(ProtocolJson).Assembly) return type.Name;
            return type.GetGenericArguments() switch
            {
                [var item] => $"readonly {TypeOf(item)}[]",
                [_, var value] => $"Readonly<Record<string, {TypeOf(value)}>>",
                _ => throw new InvalidOperationException($"{type} has no TypeScript form yet"),
            };
        }
    }
}
