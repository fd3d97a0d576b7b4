namespace Olha.Proof;

/// <summary>Plans with a part taken out: whoever comes behind it moves up.</summary>
internal static class PlanParts
{
    /// <summary>Without a device and its steps.</summary>
    public static Plan WithoutDevice(Plan plan, int device) => plan with
    {
        Devices = [.. plan.Devices.Where((_, number) => number != device)],
        Steps = [.. plan.Steps.Where(step => step.Device != device).Select(step => step.Device > device ? step with { Device = step.Device - 1 } : step)],
    };

    /// <summary>Whether a person has a device, or anybody does something to them.</summary>
    public static bool Uses(Plan plan, int person) =>
        plan.Devices.Any(device => device.Person == person) || plan.Steps.Any(step => IsOnPerson(step) && step.Target == person);

    /// <summary>Without a person whom nobody uses. Rooms may get other makers by it.</summary>
    public static Plan WithoutPerson(Plan plan, int person) => plan with
    {
        People = plan.People - 1,
        Devices = [.. plan.Devices.Select(device => device.Person > person ? device with { Person = device.Person - 1 } : device)],
        Steps = [.. plan.Steps.Select(step => IsOnPerson(step) && step.Target > person ? step with { Target = step.Target - 1 } : step)],
    };

    static bool IsOnPerson(Step step) => step.Act is Act.Invite or Act.Remove;
}
