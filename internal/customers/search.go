package customers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// Why tells by what a customer was found.
type Why struct {
	Kind string // name, contact, phone, email, number, tax
	Text string // what matched, as it is kept: the contact's name, the phone in E.164
}

// Hit is a customer found by a simple search.
type Hit struct {
	Customer
	Phones, Emails []string // the customer's own as far as the actor may see, main ones first; not given by Similar
	Why            Why
}

// Limits of a simple search.
const (
	maxQuery  = 200 // characters that are read
	maxTerms  = 6
	maxHits   = 100
	enough    = 400  // candidates that are ranked
	maxRead   = 5000 // words that are read to find them
	maxOwners = 60   // candidates among the actor's own customers
)

// term is one word of what is searched for: the ranges of words that match it.
type term struct {
	ranges []wordRange
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
		t := term{ranges: []wordRange{beginning(w, wordName, wordContact)}}
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
// script, contact, phone, e-mail, number, tax id. All words must match; the
// actor's own customers come first, then those spoken to last. Four
// statements at most.
func (s *Service) Search(ctx context.Context, q string, limit int) ([]Hit, error) {
	const op = "customers.Search"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	terms := s.terms(ctx, q)
	if len(terms) == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > maxHits {
		limit = 20
	}
	var hits []Hit
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		hits, err = search(ctx, tx, scope, terms, limit)
		return err
	})
	return hits, errs.Wrap(op, err)
}

func search(ctx context.Context, tx *db.Tx, scope authz.Scope, terms []term, limit int) ([]Hit, error) {
	actor := authz.From(ctx).UserID
	statement, args := candidates(scope, terms)
	found, err := db.All(ctx, tx, scanRanked, statement, args...)
	if err != nil {
		return nil, err
	}
	if len(found) >= enough && actor != 0 {
		statement, args := ownCandidates(scope, terms, actor)
		own, err := db.All(ctx, tx, scanRanked, statement, args...)
		if err != nil {
			return nil, err
		}
		found = append(own, found...)
	}
	rank(found, terms, actor)
	found = slices.CompactFunc(found, func(a, b Customer) bool { return a.ID == b.ID })
	found, err = readRanked(ctx, tx, found[:min(len(found), limit)])
	if err != nil {
		return nil, err
	}
	return explained(ctx, tx, terms, found)
}

// rank puts the customer whose number was typed first, then the actor's own,
// archived ones last, and else the ones spoken to or changed last.
func rank(found []Customer, terms []term, actor int64) {
	weight := func(c Customer) int64 {
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
	slices.SortFunc(found, func(a, b Customer) int {
		for _, d := range []int64{
			weight(a) - weight(b), int64(b.LastContactAt - a.LastContactAt), int64(b.ChangedAt - a.ChangedAt), b.ID - a.ID,
		} {
			if d != 0 {
				return int(min(1, max(-1, d)))
			}
		}
		return 0
	})
}

// explained blanks what the actor may not see and says why each was found; one
// statement for what hangs on all of them.
func explained(ctx context.Context, tx *db.Tx, terms []term, found []Customer) ([]Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	cards := make(map[int64]*Card, len(found))
	ids := make([]any, len(found))
	for i, c := range found {
		ids[i], cards[c.ID] = c.ID, &Card{Customer: c}
	}
	among := in(0, len(ids))
	_, err := db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var id int64
		var p Point
		if err = row.Scan(&id, &p.Kind, &p.Value, &p.ContactID, &p.Main, &p.ID); err != nil {
			return none, err
		}
		if p.Kind == wordContact {
			cards[id].Contacts = append(cards[id].Contacts, Contact{Name: p.Value})
		} else {
			cards[id].Points = append(cards[id].Points, p)
		}
		return none, nil
	}, `SELECT customer_id, kind, value, COALESCE(contact_id, 0), main, id FROM customers_points WHERE customer_id`+among+`
UNION ALL SELECT customer_id, 'contact', name, 0, FALSE, id FROM customers_contacts WHERE NOT removed AND customer_id`+among, ids...)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(found))
	for i, c := range found {
		hits[i] = Hit{Customer: c.blank(ctx), Why: cards[c.ID].why(terms)}
		if Readable(ctx, rightPoints) {
			hits[i].Phones, hits[i].Emails = cards[c.ID].own(Phone), cards[c.ID].own(Email)
		}
	}
	return hits, nil
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
	return Why{Kind: wordName, Text: c.Name}
}
