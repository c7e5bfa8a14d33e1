package files

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	cases := []struct{ name, want string }{
		{"Offer 12.pdf", "Offer 12.pdf"},
		{"Протокол встречи №3.docx", "Протокол встречи №3.docx"},
		{"შეთანხმება.pdf", "შეთანხმება.pdf"},
		{`C:\Users\ivan\Desktop\list.xlsx`, "list.xlsx"},
		{"../../etc/passwd", "passwd"},
		{"..", "file"},
		{"", "file"},
		{" . ", "file"},
		{"invoice\u202Efdp.exe", "invoicefdp.exe"},
		{"a\x00b\r\nSet-Cookie: x.txt", "ab Set-Cookie_ x.txt"},
		{"a\tb  c\u00a0d.txt", "a b c d.txt"},
		{"what?*<now>|\".txt", "what___now___.txt"},
		{"CON", "_CON"},
		{"nul.txt", "_nul.txt"},
		{"com1.tar.gz", "_com1.tar.gz"},
		{"COM10.txt", "COM10.txt"},
		{"console.txt", "console.txt"},
		{".htaccess", "htaccess"},
		{"report.pdf. . ", "report.pdf"},
		{"e\u0301te\u0301.pdf", "été.pdf"},
		{"bad\xff\xfe.txt", "bad_.txt"},
		{"zero\u200bwidth\ufeff.txt", "zerowidth.txt"},
		{strings.Repeat("ж", 300) + ".docx", strings.Repeat("ж", 195) + ".docx"},
		{"a." + strings.Repeat("x", 300), "a." + strings.Repeat("x", 198)},
	}
	for _, c := range cases {
		if got := CleanName(c.name); got != c.want {
			t.Errorf("CleanName(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../x", "CON.txt", "\u202e", strings.Repeat("é", 250) + ".tar.gz", "\xff", "a . .", "_COM¹.x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := CleanName(name)
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > nameRunes {
			t.Fatalf("%q → %q", name, got)
		}
		if CleanName(got) != got {
			t.Fatalf("%q → %q → %q", name, got, CleanName(got))
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\<>:"|?*`, r) {
				t.Fatalf("%q keeps %U", got, r)
			}
		}
		kind, params, err := mime.ParseMediaType(Disposition(name, false))
		if err != nil || kind != "attachment" || params["filename"] != got {
			t.Fatalf("disposition of %q reads back as %q, %q, %v", got, kind, params["filename"], err)
		}
	})
}

func TestDisposition(t *testing.T) {
	got := Disposition("Müller; 100%.pdf", true)
	want := `inline; filename="M_ller_ 100_.pdf"; filename*=UTF-8''M%C3%BCller%3B%20100%25.pdf`
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}
