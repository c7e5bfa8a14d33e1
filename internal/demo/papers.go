package demo

import "strconv"

// Attachment is a file in the dossier: plain text or CSV in UTF-8.
type Attachment struct {
	Name    string
	Type    string // text/plain, text/csv
	Content []byte
}

// Attachments are the papers of a customer of this generator: none for most,
// up to three at those with much business.
func (g *Generator) Attachments(c *Customer) []Attachment {
	r := g.stream(forPapers, c.Index)
	if c.DuplicateOf >= 0 || !r.chance(60+320*int(c.size)) {
		return nil
	}
	s := g.scene(c, c.Owner, -r.below(min(memory, c.ago)+1), &r)
	s.choose(g.thing(c, &r))
	all := []Attachment{s.offerPaper(c)}
	if c.Kind == Organisation && r.chance(400) {
		all = append(all, s.minutesPaper())
	}
	if r.chance(400) {
		all = append(all, s.sizesPaper())
	}
	return all
}

// fileName is "<kind>-<day>.<extension>" in the language of the paper.
func (s *scene) fileName(kind, extension string) string {
	return s.talk.paper[kind] + "-" + strconv.Itoa(int(s.g.day(s.offset))) + extension
}

func (s *scene) head(kind string, c *Customer) []byte {
	p := s.talk.paper
	name := c.LegalName
	if name == "" {
		name = c.Name
	}
	author := s.g.nameIn(c.Owner, s.talk.lang)
	out := append([]byte(nil), s.g.company.LegalName+"\n\n"+p[kind]+"\n"+p["customer"]+": "+name+"\n"+p["date"]+": "...)
	out = s.talk.date(out, s.g.day(s.offset))
	return append(out, "\n"+p["prepared"]+": "+author+"\n\n"...)
}

func (s *scene) offerPaper(c *Customer) Attachment {
	p, r := s.talk.paper, s.rng
	out := s.head("offer", c)
	out = append(out, p["item"]+"\t"+p["quantity"]+"\t"+p["price"]+"\n"...)
	total := int64(0)
	products := s.products(s.g)
	at := r.below(len(products))
	for i := range r.between(2, 6) {
		quantity := int64(1 + r.skewed(20*s.scale))
		price := int64(r.between(4, 90)) * 10 * rates[s.currency]
		total += quantity * price
		out = append(out, products[(at+i*5)%len(products)].plain+"\t"...)
		out = append(strconv.AppendInt(out, quantity, 10), '\t')
		out = append(sum(out, price, s.currency, s.talk.lang), '\n')
	}
	out = append(out, "\n"+p["total"]+": "...)
	out = sum(out, total, s.currency, s.talk.lang)
	out = append(out, "\n\n"+p["valid"]+"\n"...)
	return Attachment{s.fileName("offer", ".txt"), "text/plain", out}
}

func (s *scene) minutesPaper() Attachment {
	return Attachment{s.fileName("minutes", ".txt"), "text/plain", append(s.record(nil), '\n')}
}

func (s *scene) sizesPaper() Attachment {
	p, r := s.talk.paper, s.rng
	out := []byte(p["wall"] + ";" + p["width"] + ";" + p["height"] + "\n")
	for i := range r.between(3, 9) {
		out = append(out, byte('A'+i), ';')
		out = append(strconv.AppendInt(out, int64(r.between(80, 960)*10), 10), ';')
		out = append(strconv.AppendInt(out, int64(r.between(220, 410)*10), 10), '\n')
	}
	return Attachment{s.fileName("sizes", ".csv"), "text/csv", out}
}
