package tabular

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/clock"
)

func TestParseDate(t *testing.T) {
	const day = clock.Day(20260403)
	tests := []struct {
		text    string
		order   DateOrder
		want    clock.Day
		reading Reading
	}{
		{"2026-04-03", Ambiguous, day, Certain},
		{"2026-04-03", MDY, day, Certain},
		{" 2026/4/3 ", DMY, day, Certain},
		{"2026.04.03", Ambiguous, day, Certain},
		{"20260403", Ambiguous, day, Certain},
		{"2026-04-03T10:20:30Z", Ambiguous, day, Certain},
		{"2026-04-03T10:20:30+02:00", Ambiguous, day, Certain},
		{"2026-04-03 10:20", Ambiguous, day, Certain},
		{"03.04.2026 10:20:30", Ambiguous, day, Certain},
		{"2026/04/03 14:50:17.000", Ambiguous, day, Certain},
		{"4/3/2026 1:20 PM", MDY, day, Certain},
		{"03.04.2026", Ambiguous, day, Certain},
		{"3.4.26", MDY, day, Certain},
		{"03.04.2026 г.", Ambiguous, day, Certain},
		{"03/04/2026", DMY, day, Certain},
		{"04/03/2026", MDY, day, Certain},
		{"03/04/2026", Ambiguous, day, Doubtful},
		{"03-04-2026", Ambiguous, day, Doubtful},
		{"26/04/03", YMD, day, Certain},
		{"25/12/2026", Ambiguous, 20261225, Certain},
		{"12/25/2026", Ambiguous, 20261225, Certain},
		{"12/25/2026", DMY, 0, Unreadable},
		{"25/12/2026", MDY, 0, Unreadable},
		{"03/03/2026", Ambiguous, 20260303, Certain},
		{"3 April 2026", Ambiguous, day, Certain},
		{"April 3rd, 2026", Ambiguous, day, Certain},
		{"3-Apr-26", Ambiguous, day, Certain},
		{"3 април 2026 г.", Ambiguous, day, Certain},
		{"3 апреля 2026 года", Ambiguous, day, Certain},
		{"3 kwietnia 2026 r.", Ambiguous, day, Certain},
		{"3 აპრილი 2026", Ambiguous, day, Certain},
		{"2026 წლის 3 აპრილი", Ambiguous, day, Certain},
		{"46115", Ambiguous, day, Certain},
		{"46115.75", Ambiguous, day, Certain},
		{"29.02.2024", Ambiguous, 20240229, Certain},
		{"29.02.2026", Ambiguous, 0, Unreadable},
		{"31.04.2026", Ambiguous, 0, Unreadable},
		{"1.1.49", Ambiguous, 20490101, Certain},
		{"1.1.50", Ambiguous, 19500101, Certain},
		{"2026", Ambiguous, 0, Unreadable},
		{"1234567", Ambiguous, 0, Unreadable},
		{"12,345", Ambiguous, 0, Unreadable},
		{"April 2026", Ambiguous, 0, Unreadable},
		{"3 Aprilis 2026", Ambiguous, 0, Unreadable},
		{"1.2.3.4", Ambiguous, 0, Unreadable},
		{"+359 88 123", Ambiguous, 0, Unreadable},
		{"", Ambiguous, 0, Unreadable},
		{"00.00.0000", Ambiguous, 0, Unreadable},
	}
	for _, tt := range tests {
		if got, reading := ParseDate(tt.text, tt.order); got != tt.want && reading != Unreadable || reading != tt.reading {
			t.Errorf("%q in order %d: %v %d, want %v %d", tt.text, tt.order, got, reading, tt.want, tt.reading)
		}
	}
}

func TestDatesComeBack(t *testing.T) {
	layouts := map[string]DateOrder{"2006-01-02": Ambiguous, "02.01.2006": Ambiguous, "2/1/2006": DMY, "1/2/2006": MDY, "2 January 2006": Ambiguous, "Jan 2, 2006": Ambiguous, "2006-01-02 15:04:05": Ambiguous}
	rapid.Check(t, func(t *rapid.T) {
		day := clock.Date(1950, 1, 1).AddDays(rapid.IntRange(0, 36_000).Draw(t, "day"))
		for layout, order := range layouts {
			text := day.Time(time.UTC).Format(layout)
			if got, reading := ParseDate(text, order); got != day || reading != Certain {
				t.Errorf("%q: %v %d", text, got, reading)
			}
		}
	})
}

func TestDetectDateOrder(t *testing.T) {
	for _, tt := range []struct {
		values []string
		want   DateOrder
	}{
		{[]string{"03/04/2026", "25/12/2026"}, DMY},
		{[]string{"03/04/2026", "12/25/2026"}, MDY},
		{[]string{"03/04/2026", "05/06/2026"}, Ambiguous},
		{[]string{"25/12/2026", "12/25/2026"}, Ambiguous},
		{[]string{"2026-01-02", "", "x"}, YMD},
		{[]string{"03.04.2026"}, DMY},
		{[]string{"3 April 2026"}, YMD},
		{nil, YMD},
	} {
		if got := DetectDateOrder(tt.values); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.values, got, tt.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	tests := []struct {
		text    string
		mark    DecimalMark
		want    string
		reading Reading
	}{
		{"1234", MarkUnknown, "1234", Certain},
		{"1234.50", MarkUnknown, "1234.50", Certain},
		{"1234,50", MarkUnknown, "1234.50", Certain},
		{"1 234,50", MarkUnknown, "1234.50", Certain},
		{"1\u00a0234\u202f567,5", MarkUnknown, "1234567.5", Certain},
		{"1'234.50", MarkUnknown, "1234.50", Certain},
		{"1,234.50", MarkUnknown, "1234.50", Certain},
		{"1.234,50", MarkUnknown, "1234.50", Certain},
		{"1,234,567", MarkUnknown, "1234567", Certain},
		{"1,234", MarkUnknown, "1234", Doubtful},
		{"1.234", MarkUnknown, "1234", Doubtful},
		{"1,234", MarkComma, "1.234", Certain},
		{"1,234", MarkPoint, "1234", Certain},
		{"1.234", MarkPoint, "1.234", Certain},
		{"1.234", MarkComma, "1234", Certain},
		{"0,125", MarkUnknown, "0.125", Certain},
		{"1,5", MarkPoint, "", Unreadable},
		{"1.5.2", MarkUnknown, "", Unreadable},
		{"1,23,456", MarkUnknown, "", Unreadable},
		{"1.234.50", MarkPoint, "", Unreadable},
		{"-12,5", MarkUnknown, "-12.5", Certain},
		{"−12", MarkUnknown, "-12", Certain},
		{"12-", MarkUnknown, "-12", Certain},
		{"(1 250,00)", MarkUnknown, "-1250.00", Certain},
		{"€ 12.50", MarkUnknown, "12.50", Certain},
		{"12,50 ₾", MarkUnknown, "12.50", Certain},
		{"- 5", MarkUnknown, "-5", Certain},
		{"+7", MarkUnknown, "7", Certain},
		{".5", MarkUnknown, "0.5", Certain},
		{"12 34", MarkUnknown, "", Unreadable},
		{"+359 88 123 4567", MarkUnknown, "", Unreadable},
		{"--5", MarkUnknown, "", Unreadable},
		{"-5-", MarkUnknown, "", Unreadable},
		{"1e5", MarkUnknown, "", Unreadable},
		{"12 pcs", MarkUnknown, "", Unreadable},
		{"", MarkUnknown, "", Unreadable},
		{",", MarkUnknown, "", Unreadable},
		{"12345678901234567890123", MarkUnknown, "", Unreadable},
	}
	for _, tt := range tests {
		got, reading := ParseNumber(tt.text, tt.mark)
		if reading != tt.reading || reading != Unreadable && got.String() != tt.want {
			t.Errorf("%q with mark %d: %s %d, want %s %d", tt.text, tt.mark, got, reading, tt.want, tt.reading)
		}
	}
}

func TestDetectDecimal(t *testing.T) {
	for _, tt := range []struct {
		values []string
		want   DecimalMark
	}{
		{[]string{"1,234", "1,5"}, MarkComma},
		{[]string{"1.234", "1.5", "x"}, MarkPoint},
		{[]string{"1,234,567"}, MarkPoint},
		{[]string{"1.234.567"}, MarkComma},
		{[]string{"1.234,5"}, MarkComma},
		{[]string{"1,234", "17"}, MarkUnknown},
		{[]string{"1,5", "1.5"}, MarkUnknown},
	} {
		if got := DetectDecimal(tt.values); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.values, got, tt.want)
		}
	}
}

func TestParseBool(t *testing.T) {
	for text, want := range map[string]bool{" Yes ": true, "ДА": true, "tak": true, "კი": true, "1": true, "no": false, "Нет": false, "не": false, "NIE": false, "არა": false, "0": false, "FAŁSZ": false} {
		if got, ok := ParseBool(text); !ok || got != want {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "maybe", "2"} {
		if _, ok := ParseBool(text); ok {
			t.Errorf("%q was read", text)
		}
	}
}
