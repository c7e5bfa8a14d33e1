package vocabulary

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Done is what a change came to: the word as it is now, and the entry of the
// journal that takes it back, 0 if there was nothing to change.
type Done struct {
	Word  Word
	Entry int64
}

// change runs a use case on a list that the actor may change.
func (s *Service) change(ctx context.Context, op string, l List, do func(*book) (Done, error)) (Done, error) {
	if _, err := authz.Require(ctx, op, l.Right()); err != nil {
		return Done{}, err
	}
	var done Done
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := open(ctx, tx, op, l)
		if err == nil {
			done, err = do(b)
		}
		return err
	})
	if db.IsUnique(err) {
		err = errTaken(op)
	}
	return done, errs.Wrap(op, err)
}

func errTaken(op string) error {
	return errs.InvalidFields(op, errs.Field("name", "errors.field-taken"))
}

// Add adds a word; it needs the right of the list. A name that is known as the
// former one of another word becomes a word of its own again.
func (s *Service) Add(ctx context.Context, l List, name string) (Done, error) {
	const op = "vocabulary.Add"
	name, err := tidy(op, l, name)
	if err != nil {
		return Done{}, err
	}
	return s.change(ctx, op, l, func(b *book) (Done, error) {
		w := Word{Name: name}
		switch have := b.called(name); {
		case have != nil && have.into == 0:
			return Done{}, errTaken(op)
		case have != nil:
			w.ID = have.ID
			err = b.keep(ctx, w)
		default:
			w.ID, err = b.insert(ctx, w)
		}
		if err != nil {
			return Done{}, err
		}
		entry, err := b.tell(ctx, "added", w.ID, nil, map[string]any{"name": name})
		return Done{w, entry}, err
	})
}

// Rename calls a word something else, wherever it is shown; it needs the right
// of the list. A seeded source that is renamed keeps its new name in all
// languages.
func (s *Service) Rename(ctx context.Context, l List, id int64, name string) (Done, error) {
	const op = "vocabulary.Rename"
	name, err := tidy(op, l, name)
	if err != nil {
		return Done{}, err
	}
	return s.change(ctx, op, l, func(b *book) (Done, error) {
		w, err := b.find(id)
		if err != nil {
			return Done{}, err
		}
		if name == w.Name || name == w.Label(ctx) {
			return Done{Word: *w}, nil
		}
		return b.rename(ctx, *w, name, "")
	})
}

// rename gives the word its new name; the old one goes on to find it.
func (b *book) rename(ctx context.Context, was Word, name, textID string) (Done, error) {
	is := was
	is.Name, is.TextID = name, textID
	former := b.called(name)
	switch {
	case former == nil:
		if err := b.keep(ctx, is); err != nil {
			return Done{}, err
		}
		if _, err := b.insert(ctx, Word{Name: was.Name, Archived: true, into: is.ID}); err != nil {
			return Done{}, err
		}
	case former.ID == is.ID: // only its spelling changes
		if err := b.keep(ctx, is); err != nil {
			return Done{}, err
		}
	case former.into == 0:
		return Done{}, errTaken(b.op)
	default: // the two change places
		shadow := Word{ID: former.ID, Name: was.Name, Archived: true, into: is.ID}
		if err := b.keepAs(ctx, shadow, passing); err != nil {
			return Done{}, err
		}
		if err := b.keep(ctx, is); err != nil {
			return Done{}, err
		}
		if err := b.keep(ctx, shadow); err != nil {
			return Done{}, err
		}
	}
	entry, err := b.tell(ctx, "changed", is.ID, side(was, "name"), side(is, "name"))
	return Done{is, entry}, err
}

// passing is the key of a word for a moment, while two change names; no name
// folds to it.
const passing = "\x01"

// side is what the journal says of a word.
func side(w Word, what string) map[string]any {
	if what == "archived" {
		return map[string]any{"name": w.Name, "archived": w.Archived}
	}
	told := map[string]any{"name": w.Name}
	if w.TextID != "" {
		told["text_id"] = w.TextID
	}
	return told
}

// Archive takes a word out of what is offered, or brings it back; it needs the
// right of the list. Customers who have the word keep it.
func (s *Service) Archive(ctx context.Context, l List, id int64, archived bool) (Done, error) {
	const op = "vocabulary.Archive"
	return s.change(ctx, op, l, func(b *book) (Done, error) {
		w, err := b.find(id)
		if err != nil || w.Archived == archived {
			return Done{Word: deref(w)}, err
		}
		return b.archive(ctx, *w, archived)
	})
}

func (b *book) archive(ctx context.Context, was Word, archived bool) (Done, error) {
	is := was
	is.Archived = archived
	if err := b.keep(ctx, is); err != nil {
		return Done{}, err
	}
	entry, err := b.tell(ctx, "changed", is.ID, side(was, "archived"), side(is, "archived"))
	return Done{is, entry}, err
}

func deref(w *Word) Word {
	if w == nil {
		return Word{}
	}
	return *w
}
