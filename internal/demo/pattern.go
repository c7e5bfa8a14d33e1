package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// template is a text with slots: "{word} {trade}".
type template []piece

// piece is either fixed text or the name of a slot.
type piece struct{ text, slot string }

func parseTemplate(text string) template {
	var t template
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			t = append(t, piece{text: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		t = append(t, piece{slot: name})
		text = after
	}
	return t
}

// pattern is one way a country names its organisations. Its variants are used
// up in order: natural words first, invented ones when these are exhausted.
type pattern struct {
	share    int
	sole     bool // a person trading in their own name
	variants []variant
}

// variant is a name and the legal name made of the same words, and how many
// different ones there are.
type variant struct {
	name, legal template
	slots       []slot
	size        uint64
}

// slot is a word list to choose from: n entries.
type slot struct {
	name string
	n    uint64
}

func (l *land) compile(data lists) error {
	for _, entry := range data["org"] {
		share, err := strconv.Atoi(entry[0])
		if err != nil {
			return fmt.Errorf("demo: pattern of %s: %w", l.code, err)
		}
		p := pattern{share: share}
		for i := 1; i+1 < len(entry); i += 2 {
			v, err := l.variant(entry[i], entry[i+1])
			if err != nil {
				return err
			}
			for _, s := range v.slots {
				p.sole = p.sole || strings.Contains(s.name, "man")
			}
			p.variants = append(p.variants, v)
		}
		l.patterns = append(l.patterns, p)
	}
	for _, text := range data.column("unit", 0) {
		l.units = append(l.units, parseTemplate(text))
	}
	return nil
}

func (l *land) variant(name, legal string) (variant, error) {
	v := variant{name: parseTemplate(name), legal: parseTemplate(legal), size: 1}
	people := uint64(len(l.surnames))
	sizes := map[string]uint64{
		"word": uint64(len(l.words)), "root": uint64(len(l.pres) * len(l.sufs)),
		"trade": uint64(len(l.trades)), "kind": uint64(len(l.kinds)), "title": uint64(len(l.titles)),
		"city": uint64(len(l.cities)), "man": people * uint64(len(l.men)), "woman": people * uint64(len(l.women)),
		"last": people, "last2": people, "last3": people, "lastpl": people,
	}
	sizes["maninv"] = sizes["man"] * uint64(len(l.fathers))
	sizes["womaninv"] = sizes["woman"] * uint64(len(l.fathers))
	for _, p := range v.name {
		if p.slot == "" {
			continue
		}
		n := sizes[p.slot]
		if n == 0 {
			return v, fmt.Errorf("demo: pattern of %s has an unknown slot %q", l.code, p.slot)
		}
		v.slots = append(v.slots, slot{p.slot, n})
		v.size *= n
	}
	return v, nil
}

// title is an organisation's name in all the shapes that are derived from it.
type title struct {
	name, legal, slug string
	industry          string
	city              int  // index of the city in the name, -1 when none
	sole              bool // a sole trader: registered under the person's own number
	trader            human
}

// filled is what stands in one slot.
type filled struct{ slot, text, slug string }

// organisation makes the name of a rank of a pattern; the seed says in which
// order the names come.
func (l *land) organisation(p *pattern, rank, seed uint64, r *rng) title {
	which := 0
	for which < len(p.variants)-1 && rank >= p.variants[which].size {
		rank -= p.variants[which].size
		which++
	}
	v := &p.variants[which]
	code := shuffled(rank, v.size, seed)
	t := title{city: -1, industry: "services"}
	var values [5]filled
	var site [96]byte
	domain := site[:0]
	for i, s := range v.slots {
		values[i] = l.fill(s.name, int(code%s.n), &t)
		code /= s.n
		if values[i].slug != "" {
			if len(domain) > 0 {
				domain = append(domain, '-')
			}
			domain = append(domain, values[i].slug...)
		}
	}
	form := filled{slot: "form", text: l.forms[l.formShare.pick(r)]}
	values[len(v.slots)] = form
	t.slug = string(domain)
	t.name = render(v.name, values[:len(v.slots)+1])
	t.legal = render(v.legal, values[:len(v.slots)+1])
	return t
}

// fill chooses entry n of a slot's list and notes what it tells about the
// organisation.
func (l *land) fill(name string, n int, t *title) filled {
	switch name {
	case "word":
		return filled{name, l.words[n].text, l.words[n].slug}
	case "root":
		pre, suf := l.pres[n%len(l.pres)], l.sufs[n/len(l.pres)]
		return filled{name, pre.text + suf.text, pre.slug + suf.slug}
	case "trade":
		t.industry = l.trades[n].extra
		return filled{name, l.trades[n].text, l.trades[n].slug}
	case "kind":
		t.industry = l.kinds[n].extra
		return filled{name, l.kinds[n].text, ""}
	case "title":
		return filled{name, l.titles[n].text, l.titles[n].slug}
	case "city":
		t.city = n
		return filled{name, l.cities[n].name, l.cities[n].slug}
	case "lastpl":
		return filled{name, l.surnames[n].plural, l.surnames[n].slugs[man]}
	case "man", "woman", "maninv", "womaninv":
		t.sole = true
		value, who := l.trader(name, n)
		t.trader = who
		return value
	}
	return filled{name, l.surnames[n].forms[man], l.surnames[n].slugs[man]}
}

// trader is a person's name as the name of a firm, and the person; the
// inverted form is the Russian one, family name first and patronymic last.
func (l *land) trader(name string, n int) (filled, human) {
	s := &l.surnames[n%len(l.surnames)]
	n /= len(l.surnames)
	first, sex := l.men, man
	if strings.HasPrefix(name, "woman") {
		first, sex = l.women, woman
	}
	f := &first[n%len(first)]
	father := l.fathers[n/len(first)%len(l.fathers)][sex]
	if strings.HasSuffix(name, "inv") {
		who := l.called("{last} {first} {patronymic}", sex, f, s, father)
		return filled{name, who.name, s.slugs[sex] + "-" + f.slug}, who
	}
	who := l.called("{first} {last}", sex, f, s, father)
	return filled{name, who.name, f.slug + "-" + s.slugs[sex]}, who
}

func render(t template, values []filled) string {
	var space [160]byte
	out := space[:0]
	for _, p := range t {
		if p.slot == "" {
			out = append(out, p.text...)
			continue
		}
		for i := range values {
			if values[i].slot == p.slot {
				out = append(out, values[i].text...)
				break
			}
		}
	}
	return string(out)
}
