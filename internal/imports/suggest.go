package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/tabular"
)

// How sure a suggestion is. A column that speaks for a field by its values
// alone is weaker than one by its name.
const (
	sureName   = 100 // the header is what the field is called
	closeName  = 70  // with a typing mistake, or among other words
	byValues   = 50
	doubtful   = 40 // suggestions below are not made
	contradict = 70 // the values are not the field's
)

// sampled is how many rows the suggestion looks at.
const sampled = 200

// Suggest maps columns to fields after their names in any of our languages, and
// after their values. Each field gets one column, unless it takes many. Columns
// without a field come with the offer of a new one.
func Suggest(fields []Field, header []string, rows [][]string) []Column {
	width := len(header)
	for _, row := range rows {
		width = max(width, len(row))
	}
	columns := make([]Column, width)
	for i := range columns {
		columns[i] = describe(i, header, rows)
	}
	assign(fields, columns, values(rows, width))
	return columns
}

// values are the cells with content, by column.
func values(rows [][]string, width int) [][]string {
	all := make([][]string, width)
	for _, row := range rows[:min(len(rows), sampled)] {
		for i, cell := range row {
			if cell = strings.TrimSpace(cell); cell != "" {
				all[i] = append(all[i], cell)
			}
		}
	}
	return all
}

func describe(i int, header []string, rows [][]string) Column {
	c := Column{Index: i}
	if i < len(header) {
		c.Header = clean(header[i])
	}
	var cells []string
	for _, row := range rows[:min(len(rows), sampled)] {
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			cells = append(cells, strings.TrimSpace(row[i]))
		}
	}
	for _, cell := range cells {
		if len(c.Samples) < 3 && !slices.Contains(c.Samples, clip(clean(cell), 80)) {
			c.Samples = append(c.Samples, clip(clean(cell), 80))
		}
	}
	t := guess(cells)
	label := c.Header
	if label == "" {
		label = letters(i)
	}
	c.Offer = &NewField{Label: clip(strings.TrimSpace(strings.ReplaceAll(label, "_", " ")), 100), Type: t}
	c.Dates = share(cells, isDate) >= 0.8
	c.Order, c.Mark = tabular.DetectDateOrder(cells), tabular.DetectDecimal(cells)
	return c
}

// letters name a column without a header as spreadsheets do: A, B, … AA.
func letters(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit])
}

// candidate is a column that could fill a field.
type candidate struct{ column, field, score int }

// assign gives columns to fields, the surest first.
func assign(fields []Field, columns []Column, cells [][]string) {
	names := make([][]string, len(fields))
	for i, f := range fields {
		names[i] = fieldKeys(f)
	}
	var all []candidate
	for c := range columns {
		keys := headerKeys(columns[c].Header)
		for f := range fields {
			if score := rate(fields[f], names[f], keys, cells[c]); score >= doubtful {
				all = append(all, candidate{c, f, score})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return b.score - a.score })
	taken := make([]bool, len(fields))
	for _, c := range all {
		if columns[c.column].Field != "" || taken[c.field] && !fields[c.field].Many {
			continue
		}
		columns[c.column].Field, columns[c.column].By = fields[c.field].Name, BySuggestion
		taken[c.field] = true
	}
}

func fieldKeys(f Field) []string {
	keys := []string{headerKey(f.Name), headerKey(f.Label)}
	for _, s := range f.Synonyms {
		keys = append(keys, headerKey(s))
	}
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(k string) bool { return k == "" })
}

// headerKey folds a header: "E-Mail_Address" and "email address" are one.
func headerKey(s string) string {
	key := fold.Key(strings.NewReplacer("_", " ", ".", " ", "/", " ", "-", " ").Replace(s))
	return strings.ReplaceAll(key, "e mail", "email")
}

// headerKeys are a header's key and, if numbers stand in it, the key without
// them: "Phone 2" is a phone, though a little less so than "Phone".
func headerKeys(s string) []string {
	key := headerKey(s)
	words := slices.DeleteFunc(strings.Fields(key), func(w string) bool { return strings.Trim(w, "0123456789") == "" })
	if plain := strings.Join(words, " "); plain != "" && plain != key {
		return []string{key, plain}
	}
	return []string{key}
}

// fewer is what a header's number costs.
const fewer = 8

func rate(f Field, names, keys []string, cells []string) int {
	score := 0
	for _, name := range names {
		for n, key := range keys {
			score = max(score, rateName(name, key)-n*fewer)
		}
	}
	if f.Reads == nil || len(cells) == 0 {
		return score
	}
	if score == 0 {
		if !f.ByName && share(cells, f.Reads) >= 0.8 {
			return byValues
		}
		return 0
	}
	bears := f.Bears
	if bears == nil {
		bears = f.Reads
	}
	part := share(cells, bears)
	if part < 0.3 {
		return score - contradict
	}
	return score + int(part*10)
}

func rateName(name, key string) int {
	switch {
	case key == "":
		return 0
	case name == key:
		return sureName
	case strings.ReplaceAll(name, " ", "") == strings.ReplaceAll(key, " ", ""):
		return sureName - 5
	case fold.Similarity(name, key) > 0:
		return closeName
	case len(name) >= 4 && within(name, key):
		return closeName - 5*(strings.Count(key, " ")-strings.Count(name, " "))
	}
	return 0
}

// within tells that all words of the name are words of the header, one after
// the other.
func within(name, key string) bool { return strings.Contains(" "+key+" ", " "+name+" ") }

func share(cells []string, is func(string) bool) float64 {
	if len(cells) == 0 {
		return 0
	}
	n := 0
	for _, cell := range cells {
		if is(cell) {
			n++
		}
	}
	return float64(n) / float64(len(cells))
}

func isDate(s string) bool {
	if _, err := strconv.Atoi(s); err == nil { // a serial number of a day is more likely a number
		return false
	}
	_, reading := tabular.ParseDate(s, tabular.Ambiguous)
	return reading != tabular.Unreadable
}

func isNumber(s string) bool {
	_, reading := tabular.ParseNumber(s, tabular.MarkUnknown)
	return reading != tabular.Unreadable && (len(s) == 1 || s[0] != '0' || strings.ContainsAny(s, ".,"))
}

func isYesNo(s string) bool { _, ok := tabular.ParseBool(s); return ok }

func isLink(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// guess is the type a new field for these values should have.
func guess(cells []string) FieldType {
	const nearly = 0.95
	long := func(s string) bool { return utf8.RuneCountInString(s) > 200 || strings.Contains(s, "\n") }
	switch {
	case len(cells) == 0:
		return TypeText
	case share(cells, isYesNo) == 1 && share(cells, isNumber) < 1:
		return TypeYesNo
	case share(cells, isNumber) >= nearly:
		return TypeNumber
	case share(cells, isDate) >= nearly:
		return TypeDate
	case share(cells, isLink) >= nearly:
		return TypeLink
	case share(cells, long) > 0:
		return TypeLongText
	}
	return TypeText
}

// signature identifies the header, so that the next file of the same source
// is mapped as the last one was.
func signature(src *tabular.Source) string {
	h := sha256.New()
	_, _ = h.Write([]byte(strconv.Itoa(src.Columns))) // a hash never fails
	for _, name := range src.Header {
		_, _ = h.Write([]byte("\x00" + headerKey(name)))
	}
	return hex.EncodeToString(h.Sum(nil))
}
