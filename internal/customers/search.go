package customers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// Why tells by what a customer was found.
type Why struct {
	Kind    string   // name, contact, phone, email, messenger, number, tax, note, file
	Text    string   // what matched, as it is kept: the contact's name, the phone in E.164, a part of the note
	Matched []string // the parts of Text that match
	Near    bool     // it only contains what was typed, or is like it but for a slip
}

// Hit is a customer found by a search.
type Hit struct {
	Customer
	Phones, Emails []string // the customer's own as far as the actor may see, main ones first; not given by Similar
	Why            Why
}

// Limits of a search.
const (
	maxQuery  = 200 // characters that are read
	maxTerms  = 6
	maxHits   = 100
	enough    = 400  // candidates that are ranked
	maxRead   = 5000 // words that are read to find them
	maxOwners = 60   // candidates among the actor's own customers
	maxAlike  = 12   // words of the lexicon that stand for one that was typed
	readAlike = 300  // words that are read for each of them
	keepAlike = 100  // candidates for each of them
)

// term is one word of what is searched for: the ranges of words that match it.
type term struct {
	ranges []wordRange
	word   string // the folded word, if it may be part of a name
}

// typed are the words as they were typed, whole.
func (t term) typed() []string {
	var all []string
	for _, r := range t.ranges {
		if !slices.Contains(all, r.from) {
			all = append(all, r.from)
		}
	}
	return all
}

type wordRange struct {
	from, to string // from ≤ word < to; an empty to asks for exactly from
	kinds    []string
}

func beginning(text string, kinds ...string) wordRange {
	return wordRange{from: text, to: after(text), kinds: kinds}
}

// after is the first text behind all that begin with s. Words are folded, so
// their bytes are below the last one.
func after(s string) string { return s + "\xf4\x8f\xbf\xbf" }

// matches tells whether a word is in one of the term's ranges.
func (t term) matches(w word) bool {
	for _, r := range t.ranges {
		inside := w.text == r.from || r.to != "" && w.text >= r.from && w.text < r.to
		if inside && slices.Contains(r.kinds, w.kind) {
			return true
		}
	}
	return false
}

// terms reads what a person types: words of names, the beginning or the end of
// a phone, an e-mail, a number, a tax id. All of them must match.
func (s *Service) terms(ctx context.Context, q string) []term {
	if r := []rune(q); len(r) > maxQuery {
		q = string(r[:maxQuery])
	}
	q = trim(q)
	prefix := s.defaults(ctx).NumberPrefix
	open, tax := Readable(ctx, rightPoints), Readable(ctx, rightTax)
	if digits := fold.Digits(q); open && len(digits) >= 4 && strings.Trim(q, "+-()./ 0123456789") == "" {
		return []term{numeric(q, digits, prefix, true, tax)}
	}
	var terms []term
	for part := range strings.FieldsSeq(q) {
		if len(terms) == maxTerms {
			break
		}
		terms = append(terms, textual(part, prefix, open, tax)...)
	}
	return terms
}

// numeric is a term of digits alone.
func numeric(text, digits, prefix string, open, tax bool) term {
	var t term
	if n := ParseNumber(prefix, text); n > 0 {
		t.ranges = append(t.ranges, wordRange{from: strconv.FormatInt(n, 10), kinds: []string{wordNumber}})
	}
	if tax && len(digits) >= 4 {
		t.ranges = append(t.ranges, beginning(digits, wordTax))
	}
	if open && len(digits) >= 3 {
		seen := []string{""}
		for _, d := range []string{digits, strings.TrimLeft(digits, "0"), strings.TrimPrefix(digits, "8")} {
			if slices.Contains(seen, d) {
				continue
			}
			seen = append(seen, d)
			t.ranges = append(t.ranges, beginning(d, wordPhone))
			if len(d) >= 4 {
				t.ranges = append(t.ranges, beginning(reversed(d), wordEnding))
			}
		}
	}
	t.ranges = append(t.ranges, beginning(digits, wordName, wordContact))
	return t
}

// textual are the terms of a part between spaces.
func textual(part, prefix string, open, tax bool) []term {
	if strings.Contains(part, "@") {
		if !open {
			return []term{{}}
		}
		return []term{{ranges: []wordRange{beginning(strings.ToLower(part), wordEmail)}}}
	}
	if digits := fold.Digits(part); digits != "" && len(digits) == len([]rune(part)) {
		return []term{numeric(part, digits, prefix, open, tax)}
	}
	if n := ParseNumber(prefix, part); n > 0 {
		return []term{{ranges: []wordRange{{from: strconv.FormatInt(n, 10), kinds: []string{wordNumber}}}}}
	}
	var terms []term
	for _, w := range fold.Words(part) {
		kinds := []string{wordName, wordContact}
		if open {
			kinds = append(kinds, wordChat)
		}
		t := term{ranges: []wordRange{beginning(w, kinds...)}, word: w}
		for _, other := range fold.Variants(w) {
			t.ranges = append(t.ranges, beginning(other, wordName, wordContact))
		}
		if key := strings.ToLower(taxKey(part)); tax && len(key) >= 5 {
			t.add(key, wordTax)
		}
		if open && len(part) >= 3 {
			t.add(strings.ToLower(part), wordEmail)
		}
		terms = append(terms, t)
	}
	return terms
}

// add lets words of one more kind match; the fewer ranges there are, the
// faster they are searched.
func (t *term) add(text, kind string) {
	for i := range t.ranges {
		if t.ranges[i].from == text && t.ranges[i].to != "" {
			t.ranges[i].kinds = append(t.ranges[i].kinds, kind)
			return
		}
	}
	t.ranges = append(t.ranges, beginning(text, kind))
}

// Search finds customers by what a person types into one box: name in any
// script, contact, phone, e-mail, number, tax id. All words must match. Those
// who match exactly come first, then the actor's own, then those spoken to
// last; only if these are too few, those follow about whom a note or a file's
// name has the words, and then those whose names contain the words or are like
// them but for a slip. Fourteen statements at most, four as a rule.
func (s *Service) Search(ctx context.Context, q string, limit int) ([]Hit, error) {
	const op = "customers.Search"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	terms := s.terms(ctx, q)
	hopeless := func(t term) bool { return len(t.ranges) == 0 }
	if len(terms) == 0 || slices.ContainsFunc(terms, hopeless) {
		return nil, nil
	}
	if limit <= 0 || limit > maxHits {
		limit = 20
	}
	var hits []Hit
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		hits, err = s.search(ctx, tx, sought{scope, terms, fullNames(q, terms), maxRead, enough}, q, limit)
		return err
	})
	return hits, errs.Wrap(op, err)
}

// fullNames are the keys of names that consist of the words that were typed.
func fullNames(q string, terms []term) []string {
	if slices.ContainsFunc(terms, func(t term) bool { return t.word == "" }) {
		return nil
	}
	names := []string{nameKey(q)}
	if len(terms) == 2 {
		names = append(names, terms[1].word+" "+terms[0].word)
	}
	return names
}

func (s *Service) search(ctx context.Context, tx *db.Tx, what sought, q string, limit int) ([]Hit, error) {
	actor := authz.From(ctx).UserID
	statement, args := what.candidates()
	found, err := db.All(ctx, tx, scanRanked, statement, args...)
	if err != nil {
		return nil, err
	}
	if len(found) >= enough && actor != 0 {
		statement, args := what.ownCandidates(actor)
		own, err := db.All(ctx, tx, scanRanked, statement, args...)
		if err != nil {
			return nil, err
		}
		found = append(own, found...)
	}
	rank(found, what.terms, actor)
	found = slices.CompactFunc(found, func(a, b candidate) bool { return a.ID == b.ID })
	if len(found) < limit {
		written, err := writtenAbout(ctx, tx, what, q, found)
		if err != nil {
			return nil, err
		}
		found = append(found, written...)
	}
	alike := what.terms
	if len(found) < limit {
		var more []candidate
		if more, alike, err = s.searchAlike(ctx, tx, what, found); err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	found, err = readRanked(ctx, tx, found[:min(len(found), limit)])
	if err != nil {
		return nil, err
	}
	return explained(ctx, tx, wording{q, what.terms, alike}, found)
}

// searchAlike finds the customers, beyond those who are found already, whose
// names contain the words or are like them, and by which terms.
func (s *Service) searchAlike(ctx context.Context, tx *db.Tx, what sought, have []candidate) ([]candidate, []term, error) {
	if !slices.ContainsFunc(what.terms, func(t term) bool { return lexicon.Fits(t.word) }) {
		return nil, nil, nil
	}
	words, err := s.lexicon.Read(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	wider, different := widened(what.terms, words)
	if !different {
		return nil, nil, nil
	}
	statement, args := sought{what.scope, wider, nil, readAlike, keepAlike}.candidates()
	found, err := db.All(ctx, tx, scanRanked, statement, args...)
	if err != nil {
		return nil, nil, err
	}
	known := make(map[int64]bool, len(have))
	for _, c := range have {
		known[c.ID] = true
	}
	var more []candidate
	for _, c := range found {
		if !known[c.ID] {
			c.exact, c.near = 0, true
			more = append(more, c)
		}
	}
	rank(more, wider, authz.From(ctx).UserID)
	return more, wider, nil
}

// widened lets terms match the words of the lexicon, too, that contain theirs
// or are near to them; false if there are none.
func widened(terms []term, words *lexicon.Lexicon) ([]term, bool) {
	wider, different := slices.Clone(terms), false
	for i, t := range wider {
		if t.word == "" {
			continue
		}
		containing := words.Containing(t.word, maxAlike)
		alike := append(words.Near(t.word, max(maxAlike/2, maxAlike-len(containing))), containing...)
		t.ranges = slices.Clone(t.ranges)
		for _, w := range alike[:min(len(alike), maxAlike)] {
			different = true
			t.ranges = append(t.ranges, wordRange{from: w, kinds: []string{wordName, wordContact}})
		}
		wider[i] = t
	}
	return wider, different
}

// rank puts the customer whose number was typed first, then who matches
// exactly, then the actor's own, archived ones last, and else the ones spoken
// to or changed last.
func rank(found []candidate, terms []term, actor int64) {
	weight := func(c candidate) int64 {
		number := word{strconv.FormatInt(c.Number, 10), wordNumber}
		switch {
		case slices.ContainsFunc(terms, func(t term) bool { return t.matches(number) }):
			return -1
		case c.State != Active:
			return 2
		case actor != 0 && c.OwnerID == actor:
			return 0
		}
		return 1
	}
	slices.SortFunc(found, func(a, b candidate) int {
		x, y := weight(a), weight(b)
		return cmp.Or(
			cmp.Compare(min(x, 0), min(y, 0)), cmp.Compare(b.exact, a.exact), cmp.Compare(x, y),
			cmp.Compare(b.LastContactAt, a.LastContactAt), cmp.Compare(b.ChangedAt, a.ChangedAt), cmp.Compare(b.ID, a.ID),
		)
	})
}

// own gives the customer's own points of a kind, main ones first.
func (c *Card) own(kind PointKind) []string {
	slices.SortFunc(c.Points, func(a, b Point) int { return cmp.Compare(a.ID, b.ID) })
	var values []string
	for _, main := range []bool{true, false} {
		for _, p := range c.Points {
			if p.ContactID == 0 && p.Kind == kind && p.Main == main {
				values = append(values, p.Value)
			}
		}
	}
	return values
}

// why tells what of the card matched, the least evident first: a phone says
// more than a name that everybody sees anyway.
func (c *Card) why(terms []term) Why {
	hit := func(card Card) bool {
		for _, w := range card.words() {
			if slices.ContainsFunc(terms, func(t term) bool { return t.matches(w) }) {
				return true
			}
		}
		return false
	}
	for _, p := range c.Points {
		if hit(Card{Points: []Point{p}}) {
			return Why{Kind: string(p.Kind), Text: p.Value}
		}
	}
	for _, p := range c.Contacts {
		if hit(Card{Contacts: []Contact{{Name: p.Name}}}) {
			return Why{Kind: wordContact, Text: p.Name}
		}
	}
	for _, id := range []string{c.TaxID, c.VATID} {
		if id != "" && hit(Card{Customer: Customer{TaxID: id}}) {
			return Why{Kind: wordTax, Text: id}
		}
	}
	if hit(Card{Customer: Customer{Number: c.Number}}) {
		return Why{Kind: wordNumber, Text: strconv.FormatInt(c.Number, 10)}
	}
	if !hit(Card{Customer: Customer{Name: c.Name}}) && hit(Card{Customer: Customer{Name: c.LegalName}}) {
		return Why{Kind: wordName, Text: c.LegalName}
	}
	return Why{Kind: wordName, Text: c.Name}
}
