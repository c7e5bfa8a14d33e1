package fold

import (
	"slices"
	"strings"
	"testing"
)

func TestVariants(t *testing.T) {
	meet := func(a, b string) bool {
		x, y := Key(a), Key(b)
		return x == y || slices.Contains(Variants(x), y) && slices.Contains(Variants(y), x)
	}
	for _, row := range []string{
		"Piotr Пётр Петр პიოტრი", "Wojciech Войцех ვოიცეხი", "John Джон ჯონი", "James Джеймс", "Michał Михал", "Andrzej Анджей",
		"Heinrich Хайнрих Генрих", "Jacques Жак", "Józef Юзеф",
	} {
		spellings := strings.Fields(row)
		for _, a := range spellings {
			for _, b := range spellings {
				if !meet(a, b) {
					t.Errorf("%s (%q) does not meet %s (%q)", a, Key(a), b, Key(b))
				}
			}
		}
	}
	for _, pair := range []string{"John Иван", "Жан Джин", "Piotr Петър", "Майкл Михаэль", "Ivan Ivanov", "Иван Петр"} {
		a, b, _ := strings.Cut(pair, " ")
		if meet(a, b) {
			t.Errorf("%s meets %s", a, b)
		}
	}
}
