package tabular

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/vcard"
)

// cardFields are what a card can say, in the order of the columns: a name, and
// how many columns it may take. Further values stand in the last one.
var cardFields = []struct {
	name string
	most int
	glue string
}{
	{"Name", 1, " "},
	{"Kind", 1, " "},
	{"Contact name", 1, " "},
	{"Contact position", 1, ", "},
	{"Department", 1, ", "},
	{"Phone", 5, "; "},
	{"Contact phone", 5, "; "},
	{"Email", 5, "; "},
	{"Contact email", 5, "; "},
	{"Messenger", 3, "; "},
	{"Website", 3, " "},
	{"Street", 1, ", "},
	{"City", 1, ", "},
	{"Region", 1, ", "},
	{"Postcode", 1, ", "},
	{"Country", 1, ", "},
	{"Other address", 3, "; "},
	{"Birthday", 1, " "},
	{"Contact birthday", 1, " "},
	{"Language", 1, " "},
	{"Time zone", 1, " "},
	{"Tags", 1, "; "},
	{"External id", 1, " "},
	{"Note", 1, "\n\n"},
}

// cardColumn is one column of a table of cards: the so-manieth value of a
// field, or, as the last, all that are left.
type cardColumn struct {
	field string
	index int
	last  bool
	glue  string
}

func (c cardColumn) title() string {
	if c.index == 0 {
		return c.field
	}
	return c.field + " " + strconv.Itoa(c.index+1)
}

func (c cardColumn) of(values map[string][]string) string {
	all := values[c.field]
	switch {
	case c.index >= len(all):
		return ""
	case c.last:
		return strings.Join(all[c.index:], c.glue)
	}
	return all[c.index]
}

// cardColumns reads all cards and tells which columns hold them, and how many
// rows there are.
func cardColumns(cards *vcard.Reader) (columns []cardColumn, rows int, err error) {
	most := map[string]int{"Name": 1, "Kind": 1}
	for {
		card, err := cards.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		rows++
		for field, values := range cardValues(card) {
			most[field] = max(most[field], len(values))
		}
	}
	for _, f := range cardFields {
		n := min(most[f.name], f.most)
		for i := range n {
			columns = append(columns, cardColumn{f.name, i, i == n-1, f.glue})
		}
	}
	return columns, rows, nil
}

// keptOfCards tells the properties a table of cards needs; pictures, sounds,
// keys and links to other cards are not among them.
func keptOfCards(name string) bool {
	switch name {
	case "VERSION", "KIND", "FN", "N", "NICKNAME", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "IMPP", "URL", "ADR", "LABEL", "BDAY",
		"LANG", "TZ", "CATEGORIES", "UID", "NOTE", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND", "X-TELEGRAM", "X-SKYPE",
		"X-SKYPE-USERNAME", "X-WHATSAPP", "X-VIBER", "X-JABBER", "X-ICQ":
		return true
	}
	return false
}
