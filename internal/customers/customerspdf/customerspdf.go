// Package customerspdf sets a customer's dossier on paper: the information card
// on one page, and the whole dossier. Both are in the language of the context
// and show what the reader of the dossier may see, for it was read so.
package customerspdf

import (
	"bytes"
	"context"
	"io"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/pdf"
)

// Paper is what is printed.
type Paper struct {
	Company string        // our name, at the top of each page
	Logo    files.Picture // beside it; none if it has no bytes
	At      time.Time
	Dossier customers.Dossier
	History []customers.Touch      // for Dossier: the whole timeline; nil: what the dossier has
	Files   []customers.File       // for Dossier: all files; nil: what the dossier has
	Forms   []customers.FormOnFile // for Dossier: all filled forms, newest first; nil: what the dossier has
}

// amounts is how much of each thing the card shows.
type amounts struct {
	contacts, points, addresses, tags, values, pinned int
	runes                                             int  // of a longer text
	lines                                             int  // to write on by hand
	brief                                             bool // without what can be asked
}

// The card is set as fully as fits: with all of it, else with less and less.
var shorter = []amounts{
	{contacts: 12, points: 12, addresses: 4, tags: 16, values: 24, pinned: 4, runes: 600, lines: 5},
	{contacts: 6, points: 8, addresses: 3, tags: 12, values: 12, pinned: 3, runes: 300},
	{contacts: 4, points: 3, addresses: 2, tags: 8, values: 6, pinned: 2, runes: 140},
	{contacts: 3, points: 2, addresses: 1, tags: 5, values: 2, pinned: 1, runes: 90, brief: true},
	{contacts: 2, points: 2, addresses: 1, tags: 3, values: 1, runes: 60, brief: true},
}

// Card writes the information card, always one page: what does not fit is cut
// short and counted.
func Card(ctx context.Context, w io.Writer, p Paper) error {
	var out []byte
	for _, much := range shorter {
		d := p.document(ctx, "customers.pdf.card-kind")
		d.Add(p.card(ctx, much)...)
		var b bytes.Buffer
		if err := d.Write(ctx, &b); err != nil {
			return errs.Wrap("customerspdf.Card", err)
		}
		if out = b.Bytes(); pages(out) == 1 {
			break
		}
	}
	_, err := w.Write(out)
	return errs.Wrap("customerspdf.Card", err)
}

// pages counts the pages of a document.
func pages(document []byte) int { return bytes.Count(document, []byte("/Type /Page\n")) }

// Dossier writes everything: the card in full, custom fields, forms, files and
// the history, oldest first.
func Dossier(ctx context.Context, w io.Writer, p Paper) error {
	const all = 1 << 30
	d := p.document(ctx, "customers.pdf.dossier-kind")
	d.Add(p.card(ctx, amounts{contacts: all, points: all, addresses: all, tags: all, values: all, pinned: all, runes: all})...)
	d.Add(p.units(ctx)...)
	d.Add(p.consents(ctx)...)
	d.Add(p.forms(ctx)...)
	d.Add(p.files(ctx)...)
	d.Add(p.history(ctx)...)
	return errs.Wrap("customerspdf.Dossier", d.Write(ctx, w))
}

func (p Paper) document(ctx context.Context, kind string) *pdf.Document {
	return &pdf.Document{
		Lang: i18n.From(ctx).Lang, Title: i18n.T(ctx, kind) + " · " + p.Dossier.Card.Name, Company: p.Company, Logo: p.Logo, Created: p.At,
		Note: i18n.T(ctx, "customers.pdf.printed", "When", i18n.DateTime(ctx, clock.InstantOf(p.At))),
	}
}
