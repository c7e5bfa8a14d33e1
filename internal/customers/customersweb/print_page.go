package customersweb

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/customers/customerspdf"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/vcard"
	"kartoteka.dev/internal/platform/web"
)

// printedMost is how much of a long history goes on paper.
const printedMost = 2000

// printCard sends the information card on one page.
func (p *Pages) printCard(w http.ResponseWriter, r *http.Request) error {
	return p.print(w, r, customerspdf.Card, false)
}

// printDossier sends everything, the whole history with it.
func (p *Pages) printDossier(w http.ResponseWriter, r *http.Request) error {
	return p.print(w, r, customerspdf.Dossier, true)
}

// print sets a document on paper in the language asked for by ?lang=.
func (p *Pages) print(w http.ResponseWriter, r *http.Request, set func(context.Context, io.Writer, customerspdf.Paper) error, whole bool) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if lang := i18n.Lang(r.URL.Query().Get("lang")); lang.Valid() {
		l := i18n.From(ctx)
		l.Lang = lang
		ctx = i18n.With(ctx, l)
	}
	paper := customerspdf.Paper{At: p.clock.Now()}
	if paper.Dossier, err = p.customers.Dossier(ctx, id); err != nil {
		return err
	}
	company, err := p.team.Settings(ctx)
	if err != nil {
		return err
	}
	paper.Company = company.Name
	if paper.Logo, err = p.team.Logo(ctx); err != nil {
		return err
	}
	if whole {
		if err := p.history(ctx, id, &paper); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := set(ctx, &out, paper); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", files.Disposition(paper.Dossier.Number+" "+paper.Dossier.Card.Name+".pdf", true))
	_, err = out.WriteTo(w)
	return err
}

// sendCards sends the customer and its contacts as cards for an address book.
func (p *Pages) sendCards(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	d, err := p.customers.Dossier(r.Context(), id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/vcard; charset=utf-8")
	h.Set("Content-Disposition", files.Disposition(d.Number+" "+d.Card.Name+".vcf", false))
	return vcard.Write(w, customersimport.Cards(d.Card)...)
}

// history reads what the first page of the dossier leaves out.
func (p *Pages) history(ctx context.Context, id int64, paper *customerspdf.Paper) (err error) {
	if paper.Files, err = p.customers.ListFiles(ctx, id); err != nil {
		return err
	}
	if err := p.filled(ctx, id, paper); err != nil {
		return err
	}
	q := customers.TimelineQuery{Limit: 200}
	for len(paper.History) < printedMost {
		t, err := p.customers.Timeline(ctx, id, q)
		if err != nil {
			return err
		}
		paper.History = append(paper.History, t.Items...)
		if q.Cursor = t.Next; t.Next == "" {
			break
		}
	}
	return nil
}

// filled reads every form filed with the customer.
func (p *Pages) filled(ctx context.Context, id int64, paper *customerspdf.Paper) error {
	for before := int64(0); p.fields != nil && len(paper.Forms) < printedMost; {
		page, next, err := p.fields.ListFilled(ctx, customers.RecordType, id, before)
		if err != nil {
			return err
		}
		for _, f := range page {
			paper.Forms = append(paper.Forms, customers.OnFile(f))
		}
		if before = next; next == 0 {
			return nil
		}
	}
	return nil
}
