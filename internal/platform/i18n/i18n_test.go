package i18n

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-playground/locales"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/money"
)

func in(lang Lang) context.Context {
	return With(context.Background(), Locale{Lang: lang, Zone: time.FixedZone("+4", 4*3600)})
}

// plain makes the no-break space readable in expectations.
func plain(s string) string { return strings.ReplaceAll(s, noBreak, "_") }

func TestFilesLoad(t *testing.T) {
	all, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs {
		if len(all[lang]) == 0 {
			t.Errorf("%s has no texts", lang)
		}
	}
}

func TestBrokenFileIsReported(t *testing.T) {
	_, err := load(fstest.MapFS{
		"locales/en/a.toml": {Data: []byte(`"a.b" = `)},
		"locales/bg/b.toml": {Data: []byte(`"b.c" = "x"`)},
		"locales/bg/c.toml": {Data: []byte(`"b.c" = "y"`)},
	})
	if err == nil || !strings.Contains(err.Error(), "a.toml") || !strings.Contains(err.Error(), "twice") {
		t.Errorf("both faults should be named, got %v", err)
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		id   string
		kv   []any
		want string
	}{
		{English, "common.save", nil, "Save"},
		{Georgian, "common.save", nil, "შენახვა"},
		{"xx", "common.save", nil, "Save"},
		{Polish, "no.such-text", []any{"A", 1}, "no.such-text"},
		{English, "errors.field-too-small", []any{"Min", 12345}, "Write 12345 or more"},
		{English, "errors.field-too-small", []any{"Other", 1}, "Write {Min} or more"},
		{English, "errors.field-too-small", []any{"Min"}, "Write {Min} or more"},
		{English, "units.ago-days", nil, "{Count} days ago"},
		{English, "units.ago-days", []any{"Count", 1}, "1 day ago"},
		{English, "units.ago-days", []any{"Count", int64(12345)}, "12,345 days ago"},
		{Russian, "units.ago-days", []any{"Count", "1.5"}, "1,5 дня назад"},
		{Polish, "units.ago-days", []any{"Count", "1.5"}, "1,5 dnia temu"},
	} {
		if got := T(in(c.lang), c.id, c.kv...); got != c.want {
			t.Errorf("%s %s %v: %q, want %q", c.lang, c.id, c.kv, got, c.want)
		}
	}
}

func TestPluralRules(t *testing.T) {
	one := func(n int64) locales.PluralRule {
		if n == 1 {
			return locales.PluralRuleOne
		}
		return locales.PluralRuleOther
	}
	slavic := func(n int64, isOne bool) locales.PluralRule {
		ten, hundred := n%10, n%100
		switch {
		case isOne:
			return locales.PluralRuleOne
		case ten >= 2 && ten <= 4 && (hundred < 10 || hundred > 20):
			return locales.PluralRuleFew
		}
		return locales.PluralRuleMany
	}
	rules := map[Lang]func(int64) locales.PluralRule{
		English: one, Bulgarian: one, Georgian: one,
		Russian: func(n int64) locales.PluralRule { return slavic(n, n%10 == 1 && n%100 != 11) },
		Polish:  func(n int64) locales.PluralRule { return slavic(n, n == 1) },
	}
	for lang, want := range rules {
		for _, base := range []int64{0, 1_000_000, 9_007_199_254_000_000} {
			for n := base; n < base+1200; n++ {
				if got := grammarOf(lang).whole(n); got != want(n) {
					t.Fatalf("%s %d: %v, want %v", lang, n, got, want(n))
				}
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]Lang{
		"":                          English,
		"bg-BG,bg;q=0.9,en;q=0.8":   Bulgarian,
		"de-DE,de;q=0.9,pl;q=0.5":   Polish,
		"en;q=0.1, ka;q=0.9":        Georgian,
		"ru-KZ":                     Russian,
		"fr":                        English,
		";;;=,":                     English,
		strings.Repeat("ka,", 1000): English,
	} {
		if got := Match(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestNumbersAndMoney(t *testing.T) {
	eur := money.Of(-123456789, "EUR")
	for _, c := range []struct {
		lang                            Lang
		thousand, million, share, price string
	}{
		{English, "1,234", "-1,234,567", "12.50%", "-€1,234,567.89"},
		{Bulgarian, "1234", "-1_234_567", "12,50%", "-1_234_567,89_€"},
		{Russian, "1_234", "-1_234_567", "12,50_%", "-1_234_567,89_€"},
		{Georgian, "1234", "-1_234_567", "12,50%", "-1_234_567,89_€"},
		{Polish, "1234", "-1_234_567", "12,50%", "-1_234_567,89_€"},
	} {
		ctx := in(c.lang)
		for _, pair := range [][2]string{
			{Number(ctx, 1234), c.thousand},
			{Number(ctx, -1234567), c.million},
			{Percent(ctx, "12.50"), c.share},
			{Money(ctx, eur), c.price},
		} {
			if plain(pair[0]) != pair[1] {
				t.Errorf("%s: %q, want %q", c.lang, plain(pair[0]), pair[1])
			}
		}
	}
	for _, c := range []struct {
		ctx  context.Context
		a    money.Amount
		want string
	}{
		{in(English), money.Of(5, "PLN"), "0.05_zł"},
		{in(English), money.Of(500, "JPY"), "¥500"},
		{in(Polish), money.Of(999, "PLN"), "9,99_zł"},
		{in(Bulgarian), money.Of(999, "BGN"), "9,99_лв."},
		{in(Georgian), money.Of(100, "GEL"), "1,00_₾"},
		{in(Russian), money.Of(100, "RUB"), "1,00_₽"},
		{in(Polish), money.Of(1234, "BHD"), "1,234_BHD"},
		{in(English), money.Of(100, ""), "€1.00"},
		{in(English), money.Of(-1<<63, "USD"), "-$92,233,720,368,547,758.08"},
	} {
		if got := plain(Money(c.ctx, c.a)); got != c.want {
			t.Errorf("%v: %q, want %q", c.a, got, c.want)
		}
	}
	for _, odd := range []string{"", "-", "abc", "1.2.3", "1e5", "1.", ".5"} {
		if got := Decimal(in(English), odd); got != odd {
			t.Errorf("%q became %q", odd, got)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1 kB", 1500: "1.5 kB", 99_900: "99.9 kB", 123_456: "123 kB",
		1_000_000: "1 MB", 2_340_000_000: "2.3 GB", 5_000_000_000_000_000: "5,000 TB",
	} {
		if got := strings.ReplaceAll(Bytes(in(English), n), noBreak, " "); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	d := clock.Date(2026, time.November, 2)
	at := clock.InstantOf(time.Date(2026, 11, 1, 21, 5, 0, 0, time.UTC)) // 01:05 on the 2nd at +4
	for _, c := range []struct {
		lang Lang
		want []string
	}{
		{English, []string{"2 Nov 2026", "02/11/2026", "Monday, 2 November 2026", "2 Nov", "01:05", "2 Nov 2026, 01:05", "November", "November 2026", "Nov", "Sunday", "Sun"}},
		{Bulgarian, []string{"2 ное 2026_г.", "02.11.2026", "понеделник, 2 ноември 2026_г.", "2 ное", "01:05", "2 ное 2026_г., 01:05", "ноември", "ноември 2026_г.", "ное", "неделя", "нд"}},
		{Russian, []string{"2 нояб. 2026_г.", "02.11.2026", "понедельник, 2 ноября 2026_г.", "2 нояб.", "01:05", "2 нояб. 2026_г., 01:05", "ноябрь", "ноябрь 2026_г.", "нояб.", "воскресенье", "вс"}},
		{Georgian, []string{"2 ნოე 2026", "02.11.2026", "ორშაბათი, 2 ნოემბერი 2026", "2 ნოე", "01:05", "2 ნოე 2026, 01:05", "ნოემბერი", "ნოემბერი 2026", "ნოე", "კვირა", "კვი"}},
		{Polish, []string{"2 lis 2026", "02.11.2026", "poniedziałek, 2 listopada 2026", "2 lis", "01:05", "2 lis 2026, 01:05", "listopad", "listopad 2026", "lis", "niedziela", "niedz."}},
	} {
		ctx := in(c.lang)
		got := []string{Date(ctx, d), ShortDate(ctx, d), LongDate(ctx, d), DayMonth(ctx, d), Time(ctx, at), DateTime(ctx, at), MonthName(ctx, time.November), MonthYear(ctx, 202611), MonthShort(ctx, time.November), WeekdayName(ctx, time.Sunday), WeekdayShort(ctx, time.Sunday)}
		for i := range got {
			if plain(got[i]) != c.want[i] {
				t.Errorf("%s: %q, want %q", c.lang, plain(got[i]), c.want[i])
			}
		}
	}
	ctx := in(English)
	for _, empty := range []string{
		Date(ctx, 0), ShortDate(ctx, 20260231), LongDate(ctx, -1), DayMonth(ctx, 0), Time(ctx, 0), DateTime(ctx, 0),
		MonthName(ctx, 13), MonthShort(ctx, 0), MonthYear(ctx, 202600), WeekdayName(ctx, 7), WeekdayShort(ctx, -1), Ago(ctx, 0, at),
	} {
		if empty != "" {
			t.Errorf("nothing should be written for no date, got %q", empty)
		}
	}
}

func TestAgo(t *testing.T) {
	now := clock.InstantOf(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		lang Lang
		gone time.Duration
		want string
	}{
		{English, 0, "just now"},
		{English, 59 * time.Second, "just now"},
		{English, 3 * time.Minute, "3 minutes ago"},
		{English, 90 * time.Minute, "1 hour ago"},
		{English, -49 * time.Hour, "in 2 days"},
		{Bulgarian, 3 * time.Minute, "преди 3 минути"},
		{Bulgarian, time.Hour, "преди 1 час"},
		{Russian, 21 * time.Minute, "21 минуту назад"},
		{Russian, 22 * time.Hour, "22 часа назад"},
		{Russian, 5 * 365 * day, "5 лет назад"},
		{Russian, -15 * day, "через 2 недели"},
		{Georgian, 3 * time.Minute, "3 წუთის წინ"},
		{Georgian, -3 * time.Hour, "3 საათში"},
		{Polish, 3 * time.Minute, "3 minuty temu"},
		{Polish, 12 * time.Minute, "12 minut temu"},
		{Polish, 65 * day, "2 miesiące temu"},
		{Polish, -400 * day, "za 1 rok"},
	} {
		if got := Ago(in(c.lang), now.Add(-c.gone), now); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.gone, got, c.want)
		}
	}
}

func TestFrom(t *testing.T) {
	if got := From(context.Background()); got.Lang != English || got.Zone != time.UTC || got.Currency != "EUR" {
		t.Errorf("without a locale: %+v", got)
	}
	got := From(With(context.Background(), Locale{Lang: "xx", Currency: "GEL"}))
	if got.Lang != English || got.Zone != time.UTC || got.Currency != "GEL" {
		t.Errorf("gaps should be filled: %+v", got)
	}
}

func TestFailure(t *testing.T) {
	ctx := in(English)
	for kind := errs.Internal; kind <= errs.Unavailable; kind++ {
		title, help := Failure(ctx, errs.New(kind, "test", ""))
		if title == "" || help == "" || strings.Contains(title+help, "errors.") {
			t.Errorf("%s: %q, %q", kind, title, help)
		}
	}
	title, _ := Failure(ctx, errs.New(errs.Invalid, "test", "errors.field-too-small", "Min", 3))
	if title != "Write 3 or more" {
		t.Errorf("own words: %q", title)
	}
	if title, _ := Failure(ctx, errors.New("disk gone")); strings.Contains(title, "disk") {
		t.Errorf("a foreign error must not show: %q", title)
	}
}

func BenchmarkT(b *testing.B) {
	ctx := in(Russian)
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			T(ctx, "common.save")
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			T(ctx, "units.ago-days", "Count", 22)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("Hello {{.Name}}, {{.Count}} {{", "Name")
	f.Fuzz(func(t *testing.T, text, name string) {
		out := parseTemplate(text).fill(grammarOf(English), []any{name, "x"})
		if !strings.Contains(text, "{{.") && out != text {
			t.Errorf("%q became %q", text, out)
		}
	})
}
