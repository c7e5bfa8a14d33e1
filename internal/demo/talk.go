package demo

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/clock"
)

// talk is what our people write in one language: sentences by topic.
type talk struct {
	lang      string
	sentences map[topic][]template
	open      []template
	detail    []template
	close     []template
	minutes   []template
	season    []template // in December
	private   []template // with private customers
	someone   []string
	rooms     []string
	weekdays  []string
	months    []string
	paper     map[string]string
}

// topic is what a talk is about.
type topic string

const (
	first       topic = "first"
	visit       topic = "visit"
	offer       topic = "offer"
	order       topic = "order"
	delivered   topic = "delivered"
	payment     topic = "payment"
	service     topic = "service"
	complaint   topic = "complaint"
	competition topic = "competition"
	courtesy    topic = "courtesy"
)

// following says what tends to come after what; repeats weigh more.
var following = map[topic][]topic{
	first:       {visit, visit, offer, offer, offer, courtesy},
	visit:       {offer, offer, offer, offer, visit},
	offer:       {order, order, order, offer, offer, competition, courtesy},
	order:       {delivered, delivered, delivered, order, payment},
	delivered:   {payment, payment, service, courtesy, complaint},
	payment:     {courtesy, courtesy, service, service, offer, visit, payment},
	service:     {courtesy, courtesy, offer, service, complaint, payment},
	complaint:   {service, complaint, courtesy, courtesy},
	competition: {offer, offer, courtesy, courtesy, first},
	courtesy:    {offer, offer, visit, service, courtesy, competition},
}

func loadTalk(lang string) (*talk, error) {
	data, err := readLists(lang + "_talk.txt")
	if err != nil {
		return nil, err
	}
	t := &talk{
		lang: lang, sentences: map[topic][]template{}, paper: map[string]string{},
		open: templates(data, "open"), detail: templates(data, "detail"), close: templates(data, "close"),
		minutes: templates(data, "minutes"), season: templates(data, "season"), private: templates(data, "private"),
		someone: data.column("someone", 0), rooms: data.column("room", 0),
		weekdays: data.column("weekday", 0), months: data.column("month", 0),
	}
	for about := range following {
		t.sentences[about] = templates(data, string(about))
	}
	for _, entry := range data["paper"] {
		t.paper[entry[0]] = at(entry, 1)
	}
	return t, nil
}

func templates(data lists, section string) []template {
	var all []template
	for _, text := range data.column(section, 0) {
		all = append(all, parseTemplate(text))
	}
	return all
}

// scene is what one note is about: who talks, of what, when.
type scene struct {
	talk       *talk
	who        string
	colleague  string
	competitor string
	product    product
	other      product // of which they also spoke
	currency   string
	scale      int // size of the customer's business, from 1
	offset     int // day, from today
	pieces     int // last quantity named, which the next sum is for; 0 none
	rng        *rng
	g          *Generator
}

// say writes the template at the end of out, after a space.
func (s *scene) say(out []byte, t template) []byte {
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, ' ')
	}
	for _, p := range t {
		if p.slot == "" {
			out = append(out, p.text...)
			continue
		}
		start := len(out)
		fresh := start == 0 || out[start-1] == '\n' || (start > 1 && out[start-1] == ' ' && ends(out[start-2]))
		out = s.fill(out, p.slot)
		if fresh {
			out = capitalise(out, start)
		}
	}
	return out
}

func ends(b byte) bool { return b == '.' || b == '!' || b == '?' }

// capitalise puts the first letter after start in title case, which leaves
// Georgian alone.
func capitalise(out []byte, start int) []byte {
	letter, n := utf8.DecodeRune(out[start:])
	title := unicode.ToTitle(letter)
	if title == letter || utf8.RuneLen(title) != n {
		return out
	}
	utf8.EncodeRune(out[start:], title)
	return out
}

func (s *scene) fill(out []byte, slot string) []byte {
	r := s.rng
	switch slot {
	case "who":
		return append(out, s.who...)
	case "product":
		return append(out, s.product.plain...)
	case "product2":
		return append(out, s.product.genitive...)
	case "other":
		return append(out, s.other.plain...)
	case "past":
		return s.talk.date(out, s.g.workday(s.offset-r.between(4, 12)))
	case "qty":
		s.pieces = 2 + r.skewed(14*s.scale)
		return strconv.AppendInt(out, int64(s.pieces), 10)
	case "price":
		return s.price(out)
	case "date":
		return s.talk.date(out, s.g.workday(min(s.offset+r.between(3, 40), daysAhead-3)))
	case "weekday":
		return append(out, pick(r, s.talk.weekdays)...)
	case "colleague":
		return append(out, s.colleague...)
	case "competitor":
		return append(out, s.competitor...)
	case "days":
		return strconv.AppendInt(out, int64(r.between(1, 6)*5), 10)
	case "pct":
		return strconv.AppendInt(out, int64(r.between(3, 18)), 10)
	case "room":
		return append(out, pick(r, s.talk.rooms)...)
	}
	out = strconv.AppendInt(out, int64(r.between(9, 17)), 10)
	return append(append(out, ':'), quarters[r.below(len(quarters))]...)
}

var quarters = []string{"00", "15", "30", "45"}

var signs = map[string]string{"EUR": "€", "GEL": "₾", "PLN": "zł", "RUB": "₽", "GBP": "£"}

// price is a round sum in the customer's currency, as the language writes it.
func (s *scene) price(out []byte) []byte {
	r := s.rng
	tens := 30 + r.skewed(600*s.scale)
	if s.pieces > 0 {
		tens, s.pieces = s.pieces*r.between(6, 48), 0
	}
	return sum(out, int64(tens)*10*rates[s.currency], s.currency, s.talk.lang)
}

// sum writes whole units of a currency with the language's grouping.
func sum(out []byte, units int64, currency, lang string) []byte {
	gap, sign := "\u00a0", signs[currency]
	if lang == "en" {
		if currency != "GBP" && currency != "EUR" {
			sign = currency + " "
		}
		gap, out = ",", append(out, sign...)
	}
	out = grouped(out, units, gap)
	if lang != "en" {
		out = append(append(out, "\u00a0"...), sign...)
	}
	return out
}

func grouped(out []byte, n int64, gap string) []byte {
	if n < 1000 {
		return strconv.AppendInt(out, n, 10)
	}
	out = append(grouped(out, n/1000, gap), gap...)
	return append(out, digits(uint64(n%1000), 3)...)
}

// date is the day as people write it in passing: "14 March", "14.03".
func (t *talk) date(out []byte, day clock.Day) []byte {
	_, month, n := day.Parts()
	if len(t.months) > 0 {
		out = strconv.AppendInt(out, int64(n), 10)
		return append(append(out, ' '), t.months[month-1]...)
	}
	out = append(out, digits(uint64(n), 2)...)
	out = append(out, '.')
	return append(out, digits(uint64(month), 2)...)
}
