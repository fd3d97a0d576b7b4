using Olha.Server.Accounts;

namespace Olha.Server.Tests.Accounts;

public sealed class UserNameTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("alice")]
    [InlineData("Alice_99")]
    [InlineData("a.b-c_d")]
    [InlineData("--")]
    [InlineData("joão")] // one sign a letter
    [InlineData("ÅNGSTRÖM")]
    [InlineData("Ελένη")]
    [InlineData("Борис")]
    [InlineData("Ірина")]
    [InlineData("Աննա")]
    [InlineData("ანა")]
    [InlineData("דנה")]
    [InlineData("محمد")]
    [InlineData("አበበ")]
    [InlineData("田中")]
    [InlineData("たなか")]
    [InlineData("タナカ")]
    [InlineData("김민수")]
    [InlineData("阿Q2")]
    [InlineData("𠮷野")] // beyond the first plane
    [InlineData("٠١٢")] // digits of another script
    [InlineData("12345678901234567890123456789012")]
    [InlineData("𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷")] // 32 characters, 64 UTF-16 units
    public void These_can_be_taken(string name) => Assert.True(UserName.MayBeTaken(name));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("𠮷")]
    [InlineData("123456789012345678901234567890123")]
    [InlineData("ana maria")]
    [InlineData(" ana")]
    [InlineData("ana\n")]
    [InlineData("ana\0")]
    [InlineData("ana@home")]
    [InlineData("ana/..")]
    [InlineData("<b>ana</b>")]
    [InlineData("joa\u0303o")] // a letter and a combining tilde
    [InlineData("नमस्ते")] // its vowels are combining marks
    [InlineData("\u1100\u1161\u11a8")] // conjoining jamo
    [InlineData("ㄱㄴㄷ")] // compatibility jamo
    [InlineData("ﬁlipe")] // a ligature
    [InlineData("Ａｎａ")] // full width
    [InlineData("ｱﾅ")] // half width
    [InlineData("1ªana")]
    [InlineData("𝐚𝐧𝐚")] // mathematical
    [InlineData("ⅷana")] // a Roman numeral is no letter
    [InlineData("ana²")]
    [InlineData("\u212Bngstrom")] // the Ångström sign, another spelling of Å
    [InlineData("\uF900ana")] // a compatibility ideograph
    [InlineData("ﷲana")] // an Arabic presentation form
    [InlineData("a\u200Dna")]
    [InlineData("a\u202Ena")]
    [InlineData("\u115Fana")] // a letter that draws nothing
    [InlineData("ana😀")]
    [InlineData("ana\uD800")] // half a character
    public void These_cannot(string name) => Assert.False(UserName.MayBeTaken(name));

    [Theory]
    [InlineData("ALICE", "alice")]
    [InlineData("João", "JOÃO")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")] // both small sigmas are one
    [InlineData("БОРИС", "борис")]
    [InlineData("ՎԱՐԴԱՆ", "վարդան")]
    [InlineData("ẞtraße", "ßTRAßE")]
    [InlineData("𐐀𐐁", "𐐨𐐩")]
    public void Names_that_differ_in_case_only_have_one_key(string one, string other) =>
        Assert.Equal(UserName.KeyOf(one), UserName.KeyOf(other));

    [Theory]
    [InlineData("alice", "alíce")]
    [InlineData("ı", "i")]
    [InlineData("ss", "ß")]
    [InlineData("ana", "anа")] // the second ends in Cyrillic
    public void Other_names_have_other_keys(string one, string other) => Assert.NotEqual(UserName.KeyOf(one), UserName.KeyOf(other));
}
