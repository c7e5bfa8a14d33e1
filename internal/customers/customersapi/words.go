package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/api"
)

// Word is a tag, or an answer to "how did they find us".
type Word struct {
	ID        int64  `json:"id"`
	Name      string `json:"name" doc:"In the language of Accept-Language, if it is one every Kartoteka has."`
	Archived  bool   `json:"archived,omitempty" doc:"No longer offered; customers keep it."`
	Customers int64  `json:"customers" doc:"How many customers have it, archived ones not counted."`
}

// NewWord is one to add.
type NewWord struct {
	Name string `json:"name" example:"Key customer"`
}

// WordChange is what to change of one.
type WordChange struct {
	Name     api.Optional[string] `json:"name,omitempty" doc:"Changes wherever it is shown. Whoever asks for the old name is given the new one."`
	Archived api.Optional[bool]   `json:"archived,omitempty"`
}

// WordJoin says which one stays.
type WordJoin struct {
	Into int64 `json:"into" minimum:"1" doc:"The one that stays: all customers get it."`
}

// words are the operations on one list.
type words struct {
	operations
	list vocabulary.List
}

func (o operations) registerWords(a *api.API) {
	for _, l := range []struct {
		list                 vocabulary.List
		path, one, many, are string
	}{
		{vocabulary.Tags, "/api/v1/tags", "tag", "tags", "tags"},
		{vocabulary.Sources, "/api/v1/sources", "source", "sources", "how customers find the company"},
	} {
		w := words{o, l.list}
		api.Register(a, operation("list-"+l.many, http.MethodGet, l.path, "List "+l.are), w.all)
		api.Register(a, operation("create-"+l.one, http.MethodPost, l.path, "Add a "+l.one), w.create)

		change := operation("change-"+l.one, http.MethodPatch, l.path+"/{id}", "Rename a "+l.one+", archive or restore it")
		change.Text = "Changed wherever it is shown. An archived one is no longer offered, but customers keep it and filters find it."
		api.Register(a, change, w.change)

		archive := operation("archive-"+l.one, http.MethodDelete, l.path+"/{id}", "Archive a "+l.one)
		archive.Status = http.StatusNoContent
		api.Register(a, archive, w.archive)

		join := operation("join-"+l.one, http.MethodPost, l.path+"/{id}/join", "Make one "+l.one+" of two")
		join.Text = "Every customer who has this one gets the other. Saved filters and imports that name this one find the other."
		join.Status = http.StatusOK
		api.Register(a, join, w.join)
	}
}

type oneWord struct {
	Body Word
}

func (w words) shape(ctx context.Context, v vocabulary.Word) Word {
	return Word{v.ID, v.Label(ctx), v.Archived, v.Customers}
}

// read gives one word with its count.
func (w words) read(ctx context.Context, v vocabulary.Word, err error) (*oneWord, error) {
	if err != nil {
		return nil, err
	}
	all, err := w.Words.Read(ctx, w.list)
	if err != nil {
		return nil, err
	}
	for _, have := range all {
		if have.ID == v.ID {
			v = have
		}
	}
	return &oneWord{w.shape(ctx, v)}, nil
}

func (w words) all(ctx context.Context, _ *struct{}) (*struct{ Body api.List[Word] }, error) {
	all, err := w.Words.Read(ctx, w.list)
	if err != nil {
		return nil, err
	}
	items := make([]Word, len(all))
	for i, v := range all {
		items[i] = w.shape(ctx, v)
	}
	return &struct{ Body api.List[Word] }{api.ListOf(items, "")}, nil
}

type createWordInput struct {
	Body NewWord
}

func (w words) create(ctx context.Context, in *createWordInput) (*oneWord, error) {
	done, err := w.Words.Add(ctx, w.list, in.Body.Name)
	return w.read(ctx, done.Word, err)
}

type changeWordInput struct {
	ByID
	Body WordChange
}

func (w words) change(ctx context.Context, in *changeWordInput) (*oneWord, error) {
	done := vocabulary.Done{Word: vocabulary.Word{ID: in.ID}}
	var err error
	if in.Body.Name.Set {
		if done, err = w.Words.Rename(ctx, w.list, in.ID, in.Body.Name.Value); err != nil {
			return nil, err
		}
	}
	if in.Body.Archived.Set {
		done, err = w.Words.Archive(ctx, w.list, in.ID, in.Body.Archived.Value)
	}
	return w.read(ctx, done.Word, err)
}

func (w words) archive(ctx context.Context, in *ByID) (*struct{}, error) {
	_, err := w.Words.Archive(ctx, w.list, in.ID, true)
	return nil, err
}

type joinWordInput struct {
	ByID
	Body WordJoin
}

func (w words) join(ctx context.Context, in *joinWordInput) (*oneWord, error) {
	done, err := w.Words.Join(ctx, w.list, in.ID, in.Body.Into)
	return w.read(ctx, done.Word, err)
}
