package holidays

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
)

func TestEaster(t *testing.T) {
	for _, c := range []struct {
		year              int
		western, orthodox clock.Day
	}{
		{1998, 19980412, 19980419},
		{2000, 20000423, 20000430},
		{2008, 20080323, 20080427},
		{2011, 20110424, 20110424},
		{2017, 20170416, 20170416},
		{2019, 20190421, 20190428},
		{2021, 20210404, 20210502},
		{2024, 20240331, 20240505},
		{2025, 20250420, 20250420},
		{2026, 20260405, 20260412},
		{2027, 20270328, 20270502},
		{2028, 20280416, 20280416},
		{2038, 20380425, 20380425},
	} {
		if got := WesternEaster(c.year); got != c.western {
			t.Errorf("western %d: %v, want %v", c.year, got, c.western)
		}
		if got := OrthodoxEaster(c.year); got != c.orthodox {
			t.Errorf("orthodox %d: %v, want %v", c.year, got, c.orthodox)
		}
	}
}

// TestDaysOff compares whole years with the calendars the countries published.
func TestDaysOff(t *testing.T) {
	for _, c := range []struct {
		country string
		year    int
		want    string // every holiday and day off, month-day
	}{
		{"BG", 2025, "0101 0303 0418 0419 0420 0421 0501 0506 0524 0526 0906 0908 0922 1224 1225 1226"},
		{"BG", 2026, "0101 0303 0410 0411 0412 0413 0501 0506 0524 0525 0906 0907 0922 1224 1225 1226 1228"},
		{"PL", 2026, "0101 0106 0405 0406 0501 0503 0524 0604 0815 1101 1111 1224 1225 1226"},
		{"PL", 2024, "0101 0106 0331 0401 0501 0503 0519 0530 0815 1101 1111 1225 1226"},
		{"GE", 2026, "0101 0102 0107 0119 0303 0308 0409 0410 0411 0412 0413 0509 0512 0517 0526 0828 1014 1123"},
		{"RU", 2026, "0101 0102 0103 0104 0105 0106 0107 0108 0109 0223 0308 0309 0501 0509 0511 0612 1104 1231"},
		{"GB", 2026, "0101 0403 0406 0504 0525 0831 1225 1226 1228"},
		{"GB", 2022, "0101 0103 0415 0418 0502 0602 0603 0829 0919 1225 1226 1227"},
		{"GB", 2023, "0101 0102 0407 0410 0501 0508 0529 0828 1225 1226"},
		{"GB", 2020, "0101 0410 0413 0508 0525 0831 1225 1226 1228"},
		{"GB", 2021, "0101 0402 0405 0503 0531 0830 1225 1226 1227 1228"},
	} {
		var got []string
		for _, h := range Of(c.country, c.year) {
			got = append(got, strings.ReplaceAll(h.Day.String(), "-", "")[4:])
		}
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s %d:\n%v, want\n%v", c.country, c.year, got, strings.Fields(c.want))
		}
	}
}

func TestBulgarianDayOffPassesEaster(t *testing.T) {
	// In 2021 and 2027 the first of May is Holy Saturday too; Monday the third
	// belongs to Easter, so Tuesday is the day off.
	for day, want := range map[clock.Day]bool{
		20210430: false, 20210503: false, 20210504: false, 20210505: true, 20210506: false,
		20270430: false, 20270503: false, 20270504: false, 20270505: true, 20270506: false,
	} {
		if got := Working("BG", day); got != want {
			t.Errorf("%v: working %v", day, got)
		}
	}
}

func TestWorkingDaysOfMay2026InBulgaria(t *testing.T) {
	working := 0
	for day := clock.Day(20260501); day <= 20260531; day = day.AddDays(1) {
		if Working("BG", day) {
			working++
		}
	}
	if working != 18 {
		t.Errorf("%d working days, want 18", working)
	}
	for _, off := range []clock.Day{20260501, 20260506, 20260525, 20260907} {
		if Working("BG", off) {
			t.Errorf("%v should be off", off)
		}
	}
	if !Working("PL", 20260907) || Working("XX", 20260906) || !Working("XX", 20260101) {
		t.Error("a country we do not know has weekends only")
	}
}

func TestEveryYearMakesSense(t *testing.T) {
	ctx := context.Background()
	for _, country := range Countries() {
		for year := firstYear; year <= lastYear; year++ {
			days := Of(country, year)
			if len(days) < 8 || !slices.IsSortedFunc(days, byDay) {
				t.Fatalf("%s %d: %v", country, year, days)
			}
			for i, h := range days {
				if i > 0 && days[i-1].Day == h.Day || int(h.Day)/10000 != year || !h.Day.Valid() {
					t.Errorf("%s %d: %v", country, year, h)
				}
				if !i18n.Known(h.Name) || strings.Contains(h.Title(ctx), "holidays.") {
					t.Errorf("%s %d: %q has no text", country, year, h.Name)
				}
				if !h.For.IsZero() && weekend(h.Day) {
					t.Errorf("%s: %v is a day off on a weekend", country, h.Day)
				}
			}
		}
		if Of(country, firstYear-1) != nil || Of(country, lastYear+1) != nil {
			t.Errorf("%s: years we do not know should have no holidays", country)
		}
	}
	if Of("XX", 2026) != nil {
		t.Error("XX is no country")
	}
}

func TestTitle(t *testing.T) {
	ctx := i18n.With(context.Background(), i18n.Locale{Lang: i18n.Bulgarian})
	h := Holiday{Day: 20260525, Name: "holidays.culture-and-script", For: 20260524}
	if got := h.Title(ctx); !strings.HasPrefix(got, "Почивен ден за") || !strings.Contains(got, "Кирил и Методий") {
		t.Errorf("got %q", got)
	}
}
