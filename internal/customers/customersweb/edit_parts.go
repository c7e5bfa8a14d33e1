package customersweb

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// partKey names the small form of a part; part 0 is the one that adds.
func partKey(kind string, part int64) string { return kind + "-" + idText(part) }

// savePart adds what hangs on a customer (part 0), or changes it.
func (p *Pages) savePart(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	var part int64
	if r.PathValue("part") != "" {
		if part, err = web.PathID(r, "part"); err != nil {
			return err
		}
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	kind := r.PathValue("kind")
	save, ok := savers[kind]
	if !ok {
		return errs.New(errs.NotFound, "customersweb.savePart", "errors.page-not-found")
	}
	form := partForm{Key: partKey(kind, part), Values: in.Values}
	if err = save(ctx, p.customers, in, id, part); err != nil {
		var told bool
		if form.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		form.trouble = form.within(kind)
	}
	return p.kept(w, r, id, form, toast.Toast{Text: i18n.T(ctx, "common.saved")})
}

// within drops the name of the part before its fields: "contact.name".
func (t trouble) within(string) trouble {
	short := map[string]string{}
	for name, text := range t.fields {
		for i := len(name) - 1; i >= 0; i-- {
			if name[i] == '.' {
				name = name[i+1:]
				break
			}
		}
		short[name] = text
	}
	t.fields = short
	return t
}

type saver func(ctx context.Context, s *customers.Service, in *web.Form, id, part int64) error

var savers = map[string]saver{
	"contact": saveContact, "point": savePoint, "address": saveAddress, "date": saveDate, "tags": saveTags, "consent": saveConsent,
}

func saveContact(ctx context.Context, s *customers.Service, in *web.Form, id, part int64) error {
	c := customers.Contact{
		ID: part, Name: in.Text("name"), Position: in.Text("position"), Language: in.Text("language"),
		AddressForm: in.Text("address_form"), Style: in.Lines("style"), Mood: in.Lines("mood"), Birthday: in.Day("birthday"), Main: in.Flag("main"),
	}
	if v := in.Text("phone"); v != "" {
		c.Points = append(c.Points, customers.Point{Kind: customers.Phone, Value: v})
	}
	if v := in.Text("email"); v != "" {
		c.Points = append(c.Points, customers.Point{Kind: customers.Email, Value: v})
	}
	err := in.Err("customersweb.saveContact")
	switch {
	case err != nil:
	case part == 0:
		_, err = s.AddContact(ctx, id, 0, c)
	default:
		_, err = s.ChangeContact(ctx, id, 0, c)
	}
	return err
}

func savePoint(ctx context.Context, s *customers.Service, in *web.Form, id, part int64) error {
	point := customers.Point{
		ID: part, ContactID: in.ID("contact_id"), Kind: customers.PointKind(in.Text("kind")), Value: in.Text("value"),
		Extension: in.Text("extension"), Label: in.Text("label"), Main: in.Flag("main"),
	}
	err := in.Err("customersweb.savePoint")
	switch {
	case err != nil:
	case part == 0:
		_, err = s.AddPoint(ctx, id, 0, point)
	default:
		_, err = s.ChangePoint(ctx, id, 0, point)
	}
	return err
}

func saveAddress(ctx context.Context, s *customers.Service, in *web.Form, id, part int64) (err error) {
	a := customers.Address{
		ID: part, Label: in.Text("label"), Street: in.Lines("street"), City: in.Text("city"), Region: in.Text("region"),
		Postcode: in.Text("postcode"), Country: in.Text("country"), Main: in.Flag("main"),
	}
	if part == 0 {
		_, err = s.AddAddress(ctx, id, 0, a)
	} else {
		_, err = s.ChangeAddress(ctx, id, 0, a)
	}
	return err
}

func saveDate(ctx context.Context, s *customers.Service, in *web.Form, id, part int64) error {
	d := customers.ImportantDate{ID: part, Label: in.Text("label"), Day: in.Day("day"), Yearly: in.Flag("yearly")}
	err := in.Err("customersweb.saveDate")
	switch {
	case err != nil:
	case part == 0:
		_, err = s.AddDate(ctx, id, 0, d)
	default:
		_, err = s.ChangeDate(ctx, id, 0, d)
	}
	return err
}

func saveTags(ctx context.Context, s *customers.Service, in *web.Form, id, _ int64) error {
	return s.ChangeTags(ctx, id, 0, in.All("add"), in.All("remove"))
}

func saveConsent(ctx context.Context, s *customers.Service, in *web.Form, id, _ int64) error {
	_, err := s.RecordConsent(ctx, id, customers.Consent{
		Purpose: in.Text("purpose"), Given: in.Text("given") == "yes", How: in.Text("how"), ContactID: in.ID("contact_id"),
	})
	return err
}

// removePart takes away what hangs on a customer; the message brings it back.
func (p *Pages) removePart(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	part, err := web.PathID(r, "part")
	if err != nil {
		return err
	}
	switch r.PathValue("kind") {
	case "contact":
		err = p.customers.RemoveContact(ctx, id, 0, part)
	case "point":
		err = p.customers.RemovePoint(ctx, id, 0, part)
	case "address":
		err = p.customers.RemoveAddress(ctx, id, 0, part)
	case "date":
		err = p.customers.RemoveDate(ctx, id, 0, part)
	default:
		err = errs.New(errs.NotFound, "customersweb.removePart", "errors.page-not-found")
	}
	if err != nil {
		return err
	}
	return p.kept(w, r, id, partForm{}, toast.Toast{Text: i18n.T(ctx, "customers.dossier-done.removed")})
}
