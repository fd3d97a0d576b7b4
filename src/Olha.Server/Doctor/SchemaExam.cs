using Olha.Storage.Schema;

namespace Olha.Server.Doctor;

/// <summary>What the version of a database's schema means for this program.</summary>
internal static class SchemaExam
{
    public static Finding Of(string area, SchemaState schema) => schema.Fit switch
    {
        SchemaFit.Same => Finding.Ok(area, "schema", $"The schema is the one of this version ({schema.Found})."),
        SchemaFit.Older => Finding.Warning(area, "schema", $"The schema ({schema.Found}) is older than this program's ({schema.Known}): its next start changes it.",
            "Make a backup before."),
        SchemaFit.Newer => Finding.Ok(area, "schema",
            $"The schema ({schema.Found}) is newer than this program's ({schema.Known}), and made for it too."),
        SchemaFit.TooNew => Finding.Problem(area, "schema", $"The schema ({schema.Found}) is newer than this program's ({schema.Known}), which can't use it.",
            "Start the newer program, or restore a backup made by this one."),
        _ => Finding.Ok(area, "schema", "There is no schema yet: the first start makes it."),
    };
}
