package matching

import (
	"strings"

	"kartoteka.dev/internal/platform/fold"
)

// streetWords are what streets are called, each row one word with its short
// forms: English, Bulgarian, Russian, Georgian, Polish. They are folded before
// use, so that one spelling of a word is enough for every script.
var streetWords = table(
	"street st str", "avenue ave av", "road rd", "place pl", "crescent cres cr", "circuit cct crct", "court crt ct",
	"close cl", "drive drv dr", "lane ln", "terrace tce ter", "parade pde", "highway hwy", "square sq", "boulevard blvd",
	"parkway pkwy pwy", "grove gr", "way wy", "loop", "rise", "quay", "gardens gdns", "esplanade esp",
	"улица ул ulitsa ulica", "булевард бул бульвар", "площад площадь пл", "проспект просп пр пр-т prospekt", "переулок пер",
	"шоссе ш", "набережная наб", "проезд пр-д", "жк", "квартал кв", "комплекс компл",
	"ქუჩა ქ kucha", "გამზირი გამზ gamziri", "ჩიხი", "მოედანი მოედ", "შესახვევი შეს",
	"aleja al aleje", "plac", "osiedle os", "rondo", "trakt",
)

// legalForms are endings and beginnings of organisations' names that say what
// they are and not which.
var legalForms = table(
	"ltd limited", "llc", "llp", "plc", "inc incorporated", "corp corporation", "co company", "gmbh", "ag", "sarl", "bv", "nv", "oy", "ab",
	"ood оод", "eood еоод", "ad ад", "ead еад", "et ет", "sd сд", "kda кда", "dzzd дззд",
	"ooo ооо", "zao зао", "oao оао", "pao пао", "ao ао", "ip ип", "нко",
	"შპს shps", "სს", "ინდმეწარმე", "ააიპ",
	"sp", "zoo", "sa", "sj", "spółka", "fhu", "phu",
	"the", "and und et и da და i",
)

// table folds rows of words; the first of a row stands for all.
func table(rows ...string) map[string]string {
	all := map[string]string{}
	for _, row := range rows {
		words := strings.Fields(row)
		first := solid(words[0])
		for _, w := range words {
			all[solid(w)] = first
		}
	}
	return all
}

// solid folds a text and leaves out its blanks, before and after: a blank too
// many is a slip like any other.
func solid(s string) string {
	key := fold.Key(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '-', '.', '\u00a0':
			return -1
		}
		return r
	}, s))
	return strings.ReplaceAll(key, " ", "")
}

// chunks are the words of a text as written.
func chunks(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case ' ', '\t', ',', ';', '.', '"', '„', '“', '”', '«', '»', '(', ')', '\u00a0':
			return true
		}
		return false
	})
}

// organisation gives the words of a name that tell it from others, folded, in
// the order written.
func organisation(name string) string {
	var kept, all []string
	for _, w := range chunks(strings.NewReplacer("&", " ", "/", " ", "-", " ", "+", " ").Replace(name)) {
		key := solid(w)
		if key == "" {
			continue
		}
		all = append(all, key)
		if _, form := legalForms[key]; !form && (len(key) > 1 || isDigit(key[0])) {
			kept = append(kept, key)
		}
	}
	if len(kept) == 0 {
		kept = all
	}
	return strings.Join(kept, " ")
}

// street gives the name of a street, folded, and behind a blank the word for
// what kind of street it is, if it is known; and the number, if it was in it.
func street(line string) (name, number string) {
	var own []string
	kind := ""
	for _, w := range chunks(line) {
		key := solid(strings.TrimLeft(w, "№#"))
		first, known := streetWords[key]
		switch {
		case key == "":
		case known && kind == "":
			kind = first
		case number == "" && isDigit(key[0]) && len(key) <= 6:
			number = key
		case key == "no" || key == "nr" || key == "d" || key == "dom":
		default:
			own = append(own, w)
		}
	}
	name = solid(strings.Join(own, ""))
	if name == "" {
		return kind, number
	}
	if kind != "" {
		name += " " + kind
	}
	return name, number
}

// lineWords folds a line of an address whose number is known apart.
func lineWords(line string) string {
	var own []string
	kind := ""
	for _, w := range chunks(line) {
		if first, known := streetWords[solid(w)]; known && kind == "" && len(own) > 0 {
			kind = first
			continue
		}
		own = append(own, w)
	}
	name := solid(strings.Join(own, ""))
	if name != "" && kind != "" {
		name += " " + kind
	}
	return name
}

// patronymic tells a father's name (Иванович, Петровна) by its folded form.
func patronymic(key string) bool {
	for _, end := range [...]string{"ovits", "evits", "ovna", "evna", "inits"} {
		if len(key) > len(end)+1 && strings.HasSuffix(key, end) {
			return true
		}
	}
	return false
}

// person splits a whole name into the given and the family name, folded. Which
// is which is a guess; a comparison also looks at them the other way round.
func person(name string) (given, family string) {
	var keys []string
	for _, w := range chunks(name) {
		if key := solid(w); key != "" {
			keys = append(keys, key)
		}
	}
	if len(keys) > 2 {
		for i, key := range keys {
			if i > 0 && patronymic(key) {
				keys = append(keys[:i:i], keys[i+1:]...)
				break
			}
		}
	}
	switch len(keys) {
	case 0:
		return "", ""
	case 1:
		return "", keys[0]
	}
	return keys[0], keys[len(keys)-1]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits leaves the digits of a text.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// code leaves letters and digits, in lower case.
func code(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r > 0x7f:
			return r
		}
		return -1
	}, s)
}
