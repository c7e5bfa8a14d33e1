package merging_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// random is a customer with a few things out of a small pot, so that many have
// the same.
func random(r *rand.Rand, parents []int64) customers.NewCustomer {
	in := named(fmt.Sprint("Customer ", r.IntN(5)))
	if r.IntN(2) == 0 {
		in.Terms = fmt.Sprint("terms ", r.IntN(3))
	}
	for range r.IntN(3) {
		in.Phones = append(in.Phones, fmt.Sprint("+35988123456", r.IntN(5)))
	}
	for range r.IntN(3) {
		in.Tags = append(in.Tags, fmt.Sprint("tag ", r.IntN(4)))
	}
	for i := range r.IntN(3) {
		in.Contacts = append(in.Contacts, customers.Contact{
			Name: fmt.Sprint("Contact ", r.IntN(5)), Main: i == 0,
			Points: []customers.Point{{Kind: customers.Email, Value: fmt.Sprintf("c%d@example.com", r.IntN(5))}},
		})
	}
	if r.IntN(2) == 0 {
		in.Addresses = []customers.Address{{City: fmt.Sprint("City ", r.IntN(2)), Main: true}}
		in.Dates = []customers.ImportantDate{{Label: "founded", Day: clock.Day(20000101 + r.IntN(3))}}
		in.Custom = map[string]any{"colour": fmt.Sprint("colour ", r.IntN(3))}
	}
	if len(parents) > 0 && r.IntN(3) == 0 {
		in.ParentID = parents[r.IntN(len(parents))]
	}
	return in
}

// edit does something to a customer as people do meanwhile.
func edit(o *office, r *rand.Rand, id int64) {
	o.Helper()
	card := o.card(id)
	contact := int64(0)
	if len(card.Contacts) > 0 {
		contact = card.Contacts[r.IntN(len(card.Contacts))].ID
	}
	var err error
	switch r.IntN(6) {
	case 0:
		_, err = o.file.AddNote(o.ctx, customers.NewNote{CustomerID: id, ContactID: contact, Kind: customers.CallNote, Body: "spoke"})
	case 1:
		terms := fmt.Sprint("terms ", r.IntN(1000))
		_, err = o.file.Change(o.ctx, id, 0, customers.Patch{Terms: &terms})
	case 2:
		_, err = o.file.AddPoint(o.ctx, id, 0, customers.Point{ContactID: contact, Kind: customers.Phone, Value: fmt.Sprint("+3598877", 10000+r.IntN(80000)), Main: true})
	case 3:
		if len(card.Points) > 0 {
			err = o.file.RemovePoint(o.ctx, id, 0, card.Points[r.IntN(len(card.Points))].ID)
		}
	case 4:
		if contact != 0 {
			err = o.file.RemoveContact(o.ctx, id, 0, contact)
		}
	case 5:
		_, err = o.file.RecordConsent(o.ctx, id, customers.Consent{Purpose: "newsletter", Given: r.IntN(2) == 0})
	}
	o.must(err)
}

// whole are rules that hold whatever was merged and parted.
func (o *office) whole() {
	o.Helper()
	for what, statement := range map[string]string{
		"points of a contact elsewhere": `SELECT COUNT(*) FROM customers_points p JOIN customers_contacts k ON k.id = p.contact_id WHERE k.customer_id <> p.customer_id`,
		"notes of a contact elsewhere":  `SELECT COUNT(*) FROM customers_notes n JOIN customers_contacts k ON k.id = n.contact_id WHERE k.customer_id <> n.customer_id`,
		"two main contacts": `SELECT COUNT(*) FROM (
  SELECT customer_id FROM customers_contacts WHERE main AND NOT removed GROUP BY customer_id HAVING COUNT(*) > 1) AS x`,
		"two main phones": `SELECT COUNT(*) FROM (
  SELECT customer_id FROM customers_points WHERE main GROUP BY customer_id, COALESCE(contact_id, 0), kind HAVING COUNT(*) > 1) AS x`,
		"units of a merged one":    `SELECT COUNT(*) FROM customers_customers u JOIN customers_customers p ON p.id = u.parent_id WHERE p.state = 'merged' AND u.state <> 'merged'`,
		"led to a merged one":      `SELECT COUNT(*) FROM customers_customers m JOIN customers_customers i ON i.id = m.merged_into WHERE i.state = 'merged'`,
		"contacts of a merged one": `SELECT COUNT(*) FROM customers_contacts k JOIN customers_customers c ON c.id = k.customer_id WHERE c.state = 'merged'`,
	} {
		var n int
		o.must(o.db.Read(o.ctx, func(tx *db.Tx) error { return tx.QueryRow(o.ctx, statement).Scan(&n) }))
		if n > 0 {
			o.Errorf("%d %s", n, what)
		}
	}
	o.sound()
}

// done is a merge on the pile, with the rows before it, nil once somebody
// changed something.
type done struct {
	merge merging.Merge
	rows  map[string][]string
}

func TestRandomMergesEditsAndPartings(t *testing.T) {
	each(t, func(o *office) {
		for seed := range uint64(4) {
			o.Logf("seed %d", seed)
			r := rand.New(rand.NewPCG(seed, 3))
			ids := map[int64]bool{}
			var list []int64
			for range 7 {
				c := o.create(random(r, list))
				ids[c.ID], list = true, append(list, c.ID)
			}
			var pile []done
			for range 25 {
				switch from, into := list[r.IntN(len(list))], list[r.IntN(len(list))]; r.IntN(3) {
				case 0:
					if !ids[from] || !ids[into] || from == into {
						continue
					}
					before := o.rows()
					m, err := o.merging.Merge(o.ctx, merging.Order{From: from, Into: into})
					if text(err) == "customers.merge.error-below" || text(err) == "customers.error.too-deep" {
						o.same(before, o.rows())
						continue
					}
					o.must(err)
					ids[from] = false
					pile = append(pile, done{m, before})
				case 1:
					if len(pile) == 0 {
						continue
					}
					last := pile[len(pile)-1]
					pile = pile[:len(pile)-1]
					_, err := o.merging.Unmerge(o.ctx, last.merge.ID)
					o.must(err)
					ids[last.merge.FromID] = true
					if last.rows != nil {
						o.same(last.rows, o.rows())
					}
				default:
					if ids[into] && r.IntN(2) == 0 {
						edit(o, r, into)
						for i := range pile {
							pile[i].rows = nil
						}
					}
				}
			}
			o.whole()
		}
	})
}
