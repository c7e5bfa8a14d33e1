package customersweb

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// wordPaths are the settings pages of tags, and of how customers find us.
var wordPaths = map[vocabulary.List]string{vocabulary.Tags: "/settings/tags", vocabulary.Sources: "/settings/sources"}

// wordTexts are what is said of each list.
var wordTexts = map[vocabulary.List]struct{ title, text, new, add, none, noneText, join, joinText string }{
	vocabulary.Tags: {
		"customers.list-tags.title", "customers.list-tags.text", "customers.list-tags.new", "customers.list-tags.add",
		"customers.list-tags.none", "customers.list-tags.none-text", "customers.list-tags.join", "customers.list-tags.join-text",
	},
	vocabulary.Sources: {
		"customers.list-sources.title", "customers.list-sources.text", "customers.list-sources.new", "customers.list-sources.add",
		"customers.list-sources.none", "customers.list-sources.none-text", "customers.list-sources.join", "customers.list-sources.join-text",
	},
}

// wordRoutes are the addresses of one list of words.
func (p *Pages) wordRoutes(l vocabulary.List) []web.Route {
	root := wordPaths[l]
	of := func(h func(http.ResponseWriter, *http.Request, vocabulary.List) error) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error { return h(w, r, l) }
	}
	return []web.Route{
		web.Get(root, of(p.showWords)),
		web.Post(root, of(p.addWord)),
		web.Post(root+"/join", of(p.joinWords)),
		web.Post(root+"/{id}/rename", of(p.renameWord)),
		web.Post(root+"/{id}/archive", of(p.archiveWord)),
		web.Post(root+"/{id}/restore", of(p.restoreWord)),
		web.Post(root+"/{entry}/undo", of(p.undoWord)),
	}
}

// wordsPage is one list of words, and a form that came back: that of the word
// with the id, or for 0 the one to add.
type wordsPage struct {
	trouble
	list  vocabulary.List
	words []vocabulary.Word
	id    int64
	typed string
	join  bool // the form that came back is the one that joins two
	from  int64
	into  int64
}

func (p *Pages) showWords(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	return p.renderWords(w, r, wordsPage{list: l})
}

func (p *Pages) renderWords(w http.ResponseWriter, r *http.Request, wp wordsPage) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "customersweb.showWords", wp.list.Right()); err != nil {
		return err
	}
	var err error
	if wp.words, err = p.words.Read(ctx, wp.list); err != nil {
		return err
	}
	text := wordTexts[wp.list]
	pg := page.Page{
		Title: i18n.T(ctx, text.title), Subtitle: i18n.T(ctx, text.text), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}}, Failed: wp.any(),
	}
	return web.PageStatus(w, r, wp.status(), pg, wordsBody(wp))
}

// worded answers what was done with a word: where it failed the form comes
// back, where it went well the page says so and offers to take it back.
func (p *Pages) worded(w http.ResponseWriter, r *http.Request, wp wordsPage, entry int64, text string, err error) error {
	if err != nil {
		t, ok := troubleOf(r.Context(), err)
		if !ok || errs.Is(err, errs.NotFound) {
			return err
		}
		wp.trouble = t
		return p.renderWords(w, r, wp)
	}
	done := toast.Toast{Text: text}
	if entry != 0 {
		done.UndoURL = wordPaths[wp.list] + "/" + idText(entry) + "/undo"
	} else {
		done.Text = i18n.T(r.Context(), "customers.words.same")
	}
	return goOn(w, r, wordPaths[wp.list], done)
}

func (p *Pages) addWord(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	wp := wordsPage{list: l, typed: in.Text("name")}
	done, err := p.words.Add(ctx, l, wp.typed)
	return p.worded(w, r, wp, done.Entry, i18n.T(ctx, "customers.words.added", "Name", done.Word.Name), err)
}

func (p *Pages) renameWord(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	wp := wordsPage{list: l, id: id, typed: in.Text("name")}
	before := p.wordName(ctx, l, id)
	done, err := p.words.Rename(ctx, l, id, wp.typed)
	return p.worded(w, r, wp, done.Entry, i18n.T(ctx, "customers.words.renamed", "Before", before, "Name", done.Word.Name), err)
}

// wordName is what a word is called for the reader; "" if there is none.
func (p *Pages) wordName(ctx context.Context, l vocabulary.List, id int64) string {
	all, err := p.words.Read(ctx, l)
	if err != nil {
		return ""
	}
	for _, w := range all {
		if w.ID == id {
			return w.Label(ctx)
		}
	}
	return ""
}

func (p *Pages) archiveWord(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	return p.offerWord(w, r, l, false)
}

func (p *Pages) restoreWord(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	return p.offerWord(w, r, l, true)
}

func (p *Pages) offerWord(w http.ResponseWriter, r *http.Request, l vocabulary.List, offered bool) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	done, err := p.words.Archive(ctx, l, id, !offered)
	text := i18n.T(ctx, "customers.words.archived", "Name", done.Word.Label(ctx))
	if offered {
		text = i18n.T(ctx, "customers.words.restored", "Name", done.Word.Label(ctx))
	}
	return p.worded(w, r, wordsPage{list: l}, done.Entry, text, err)
}

func (p *Pages) joinWords(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	wp := wordsPage{list: l, join: true, from: in.ID("from"), into: in.ID("into")}
	if wp.from == 0 {
		in.Fail("from", "errors.field-missing")
	}
	if wp.into == 0 {
		in.Fail("into", "errors.field-missing")
	}
	if err := in.Err("customersweb.joinWords"); err != nil {
		return p.worded(w, r, wp, 0, "", err)
	}
	before := p.wordName(ctx, l, wp.from)
	done, err := p.words.Join(ctx, l, wp.from, wp.into)
	return p.worded(w, r, wp, done.Entry, i18n.T(ctx, "customers.words.joined", "Before", before, "Name", done.Word.Label(ctx)), err)
}

func (p *Pages) undoWord(w http.ResponseWriter, r *http.Request, l vocabulary.List) error {
	entry, err := web.PathID(r, "entry")
	if err != nil {
		return err
	}
	if _, err := p.words.Undo(r.Context(), entry); err != nil {
		return err
	}
	return goOn(w, r, wordPaths[l], toast.Toast{Text: i18n.T(r.Context(), "common.undone")})
}

// customersWith is the list of the customers who have a word.
func customersWith(l vocabulary.List, w vocabulary.Word) string {
	c := filter.Where("tags", filter.In, w.Name)
	if l == vocabulary.Sources {
		c = filter.Where("source", filter.Is, idText(w.ID))
	}
	return address{View: "all"}.with(c).href()
}

// nameProblem is what is wrong with the name typed for a word; id 0 is the
// word to add.
func (p wordsPage) nameProblem(id int64) string {
	if p.join || p.id != id {
		return ""
	}
	return p.of("name")
}

// options are the words two of which can be joined.
func (p wordsPage) options(ctx context.Context) []field.Option {
	all := make([]field.Option, len(p.words))
	for i, w := range p.words {
		all[i] = field.Option{Value: idText(w.ID), Label: w.Label(ctx)}
	}
	return all
}

func (p wordsPage) joinProblem(name string) string {
	if !p.join {
		return ""
	}
	return p.of(name)
}

// joinSummary is what is wrong with the form that joins two, besides its
// fields.
func (p wordsPage) joinSummary() []field.Problem {
	if !p.join || p.whole == "" {
		return nil
	}
	return []field.Problem{{Text: p.whole}}
}

// typedFor is the name typed for a word that came back; id 0 is the word to
// add.
func (p wordsPage) typedFor(id int64) string {
	if p.join || p.id != id {
		return ""
	}
	return p.typed
}
