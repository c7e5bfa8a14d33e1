package filter

import (
	"context"
	"testing"

	"kartoteka.dev/internal/platform/i18n"
)

type namesOf map[string]string

func (n namesOf) NameOf(_ context.Context, f Field, value string) (string, bool) {
	name, ok := n[f.Name+"/"+value]
	return name, ok
}

func TestDescribe(t *testing.T) {
	names := namesOf{"country/BG": "Bulgaria", "country/GE": "Georgia", "owner/7": "Nino", "stage/won": "Won"}
	tests := []struct{ text, want string }{
		{"", ""},
		{"country in (BG, GE, PL)", "Country is any of Bulgaria, Georgia, PL"},
		{"owner = me or owner = 7 or team = 9", "Owner is me or Owner is Nino or Team is 9"},
		{"score between -1000.5 and 2000", "Score is between -1,000.5 and 2,000"},
		{"created during 2026-03 or created during 2025", "Created is in March 2026 or Created is in 2025"},
		{"seen older 30d and seen last 1w", "Last seen is longer ago than 30 days and Last seen is in the last 1 week"},
		{"created >= 2026-01-31 and created < today", "Created is from 31 Jan 2026 and Created is before today"},
		{"vip = true and name is empty", "VIP is yes and Name is empty"},
		{"not (stage = won and (vip = yes or not tags has (a, b)))", "not (Stage is Won and (VIP is yes or not Tags includes all of a, b))"},
		{"(not vip = yes or score = 1) and vip = no", "(not VIP is yes or Score is 1) and VIP is no"},
		{"custom.gone = x", "custom.gone = x"},
		{`custom.kind = x`, "Kind $1 is x"},
		{`name ~ "iv"`, "Name contains “iv”"},
	}
	ctx := i18n.With(context.Background(), i18n.Locale{Lang: "en"})
	for _, tt := range tests {
		phrases := Describe(ctx, things, parse(t, tt.text), names)
		if got := Sentence(phrases); got != tt.want {
			t.Errorf("%s reads %q, want %q", tt.text, got, tt.want)
		}
		if got := len(phrases); got != len(Conditions(parse(t, tt.text))) {
			t.Errorf("%s has %d phrases", tt.text, got)
		}
	}
}

func TestDescribeInEveryLanguage(t *testing.T) {
	n := parse(t, "created during last-month and score between 1 and 2 and seen older 5d and vip = no")
	for lang, want := range map[i18n.Lang]string{
		"en": "Created is in last month and Score is between 1 and 2 and Last seen is longer ago than 5 days and VIP is no",
		"bg": "Created е през периода: миналия месец и Score е между 1 и 2 и Last seen е преди повече от 5 дни и VIP е не",
		"ru": "Created за период: прошлый месяц и Score между 1 и 2 и Last seen прошло больше, чем 5 дней и VIP — нет",
		"ka": "Created პერიოდშია: გასული თვე და Score შუალედშია: 1 და 2 და Last seen გასულია მეტი, ვიდრე 5 დღე და VIP არის არა",
		"pl": "Created przypada w okresie: poprzedni miesiąc i Score między 1 a 2 i Last seen minęło więcej niż 5 dni i VIP to nie",
	} {
		ctx := i18n.With(context.Background(), i18n.Locale{Lang: lang})
		if got := Sentence(Describe(ctx, things, n, nil)); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestEveryOperatorHasWords(t *testing.T) {
	for _, lang := range i18n.Langs {
		ctx := i18n.With(context.Background(), i18n.Locale{Lang: lang})
		for kind := range offers {
			for _, op := range Accepted(kind) {
				if words := op.Words(ctx, kind); words == "" || words == string(op) && lang != i18n.English {
					t.Errorf("%s of %s in %s is %q", op, kind, lang, words)
				}
			}
		}
		for _, p := range Periods {
			if words := PeriodWords(ctx, p); words == "" || words == p && p != "today" && p != "yesterday" && p != "tomorrow" {
				t.Errorf("%s in %s is %q", p, lang, words)
			}
		}
	}
	if got := Op("strange").Words(context.Background(), Text); got != "strange" {
		t.Errorf("an unknown operator reads %q", got)
	}
}
