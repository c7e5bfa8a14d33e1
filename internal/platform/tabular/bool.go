package tabular

import "strings"

// boolWords are the ways to say yes and no in tables: signs, English,
// Bulgarian, Russian, Polish, Georgian.
var boolWords = map[string]bool{
	"1": true, "+": true, "x": true, "х": true, "✓": true, "✔": true, "☑": true,
	"yes": true, "y": true, "true": true, "t": true, "on": true,
	"да": true, "д": true, "вярно": true, "истина": true,
	"tak": true, "prawda": true,
	"კი": true, "დიახ": true, "ჭეშმარიტი": true,

	"0": false, "-": false, "–": false, "—": false, "✗": false, "✘": false, "☐": false,
	"no": false, "n": false, "false": false, "f": false, "off": false,
	"не": false, "нет": false, "н": false, "невярно": false, "ложь": false,
	"nie": false, "fałsz": false,
	"არა": false, "მცდარი": false,
}

// ParseBool reads a yes or a no as five languages write them; ok is false for
// anything else, blanks included.
func ParseBool(s string) (value, ok bool) {
	value, ok = boolWords[strings.ToLower(strings.TrimSpace(s))]
	return value, ok
}
