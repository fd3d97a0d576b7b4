using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Olha.Server.Http;

/// <summary>Makes the described form of a type the one that travels: what has no value is absent, never null.</summary>
internal static partial class WireForm
{
    public static Task Apply(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo;
        // Who writes by hand knows no schema.
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        if (schema.Type is { } kind && kind != JsonSchemaType.Null) schema.Type = kind & ~JsonSchemaType.Null;
        if (schema.Description is { } text) schema.Description = Plain(text);

        foreach (var property in type.Properties)
            if (property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null)
                schema.Required?.Remove(property.Name);

        return Task.CompletedTask;
    }

    /// <summary>The same for what refers to another schema, which stands only when all are there.</summary>
    public static Task Apply(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        foreach (var properties in document.Components!.Schemas!.Values.Select(schema => schema.Properties ?? new Dictionary<string, IOpenApiSchema>()))
            foreach (var (name, form) in properties.ToList())
            {
                if (form.OneOf is [{ Type: JsonSchemaType.Null }, var other]) properties[name] = other;
                if (properties[name] is OpenApiSchemaReference { Description: { } text } reference) reference.Description = Plain(text);
            }

        return Task.CompletedTask;
    }

    // "long Message.Seq" is how a reference to a property was rendered; it travels as `seq`. Lines were wrapped for the source.
    static string Plain(string text) => Blank().Replace(
        Reference().Replace(text, match => $"`{char.ToLowerInvariant(match.Groups[1].Value[0])}{match.Groups[1].Value[1..]}`"), " ");

    [GeneratedRegex(@"\b[\w<>?,\[\]]+ [A-Z]\w+\.([A-Z]\w+)\b")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Blank();
}
