package matching

import "testing"

// of makes a card with one field.
func of(f Field, value string) card {
	r := Record{}
	switch f {
	case FieldGiven:
		r.Given = value
	case FieldFamily:
		r.Family = value
	case FieldName:
		r.Name, r.Kind = value, Organisation
	case FieldPhone:
		r.Phones = []string{value}
	case FieldEmail:
		r.Emails = []string{value}
	case FieldTaxID:
		r.TaxID = value
	case FieldOtherID:
		r.OtherIDs = []string{value}
	case FieldBorn:
		r.Born = value
	case FieldNumber:
		r.Address.Number = value
	case FieldLine:
		r.Address.Line = value
	case FieldCity:
		r.Address.City = value
	case FieldPostcode:
		r.Address.Postcode = value
	case FieldRegion:
		r.Address.Region = value
	case FieldCountry:
		r.Address.Country = value
	}
	return newCard(&r)
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		field Field
		a, b  string
		want  Level
	}{
		{FieldFamily, "Иванов", "Ivanov", Equal},
		{FieldFamily, "ივანოვი", "Ivanoff", Equal},
		{FieldFamily, "Щербаков", "Szczerbakow", Equal},
		{FieldFamily, "Wilkins", "wilikns", Close},
		{FieldFamily, "nguyen", "nguy en", Equal},
		{FieldFamily, "Georgiev", "Grigorov", Different},
		{FieldFamily, "Petrov", "", Missing},
		{FieldGiven, "J.", "John", Alike},
		{FieldGiven, "Alex", "Alexander", Alike},
		{FieldGiven, "Ivan", "Petar", Different},

		{FieldName, "Ромашка ООО", "ООО «Ромашка»", Equal},
		{FieldName, "Romashka Ltd.", "Ромашка", Equal},
		{FieldName, "Мебели Дъб ЕООД", "Дъб Мебели", Equal},
		{FieldName, "Мебел Лукс", "Мебеллукс", Close},
		{FieldName, "Jarzębina Meble", "Jarzębina Mbele", Close},
		{FieldName, "Northwind Traders", "Northwind", Alike},
		{FieldName, "Northwind Traders", "Southwest Movers", Different},

		{FieldPhone, "+359 88 123 4567", "0881234567", Equal},
		{FieldPhone, "+359881234567", "+359881234576", Close},
		{FieldPhone, "+359881234567", "+359887654321", Different},
		{FieldPhone, "112", "112", Missing},

		{FieldEmail, "Ivan.Petrov@post.example", "ivan.petrov@post.example", Equal},
		{FieldEmail, "ivan.petrov@post.example", "ivan.petrof@post.example", Close},
		{FieldEmail, "ivan.petrov@post.example", "ivan.petrov@firm.example", Alike},
		{FieldEmail, "ivan.petrov80@post.example", "ivan.petrov81@post.example", Different},

		{FieldTaxID, "BG123456789", "123456789", Equal},
		{FieldTaxID, "123456789", "123456798", Close},
		{FieldTaxID, "123456789", "987654321", Different},
		{FieldOtherID, "6358553", "6358573", Close},

		{FieldBorn, "19820307", "19820703", Close}, // day and month exchanged
		{FieldBorn, "19820307", "19820308", Close},
		{FieldBorn, "19820307", "19280307", Close},
		{FieldBorn, "19820307", "19910307", Alike},
		{FieldBorn, "00000307", "19820307", Alike},
		{FieldBorn, "19820307", "19751124", Different},

		{FieldNumber, "12", "21", Close},
		{FieldNumber, "12a", "12А", Different}, // a Cyrillic letter is another character
		{FieldLine, "Tullaroop Street", "tullaroop st", Equal},
		{FieldLine, "Tullaroop Street", "Tullaroop Road", Close},
		{FieldLine, "pridham street", "pridha mstreet", Equal},
		{FieldLine, "ул. „Иван Вазов“ 12", "ulitsa Ivan Vazov", Equal},
		{FieldLine, "бул. Витоша", "булевард Витоша", Equal},
		{FieldLine, "проспект Мира", "пр-т Мира", Equal},
		{FieldLine, "რუსთაველის გამზირი", "რუსთაველის გამზ.", Equal},
		{FieldLine, "aleja Niepodległości", "al. Niepodleglosci", Equal},
		{FieldLine, "Dow Street", "Meldrum Street", Different},

		{FieldCity, "Łódź", "Лодзь", Equal},
		{FieldPostcode, "01-334", "01334", Equal},
		{FieldPostcode, "2227", "2272", Close},
		{FieldRegion, "nsw", "qld", Different},
		{FieldCountry, "BG", "bg", Equal},
		{FieldCountry, "BG", "PL", Different},
	} {
		a, b := of(c.field, c.a), of(c.field, c.b)
		var ab, ba comparison
		words{}.compare(&a, &b, &ab)
		words{}.compare(&b, &a, &ba)
		if ab.level[c.field] != c.want {
			t.Errorf("%s: %q and %q are %s, not %s (%q, %q)", c.field, c.a, c.b, ab.level[c.field], c.want, a.text[c.field], b.text[c.field])
		}
		if ab.level != ba.level {
			t.Errorf("%s: %q and %q differ with the order", c.field, c.a, c.b)
		}
	}
}

func TestNamesTheOtherWayRound(t *testing.T) {
	for _, c := range []struct {
		a, b    Record
		swapped bool
	}{
		{Record{Given: "Marianne", Family: "Rees"}, Record{Given: "Rees", Family: "Maribanne"}, true},
		{Record{Given: "Marianne", Family: "Rees"}, Record{Given: "Marianne", Family: "Rees"}, false},
		{Record{Given: "Paul", Family: "Simon"}, Record{Given: "John", Family: "Paul"}, false},
		{Record{Kind: Person, Name: "Иванов Иван Петрович"}, Record{Kind: Person, Name: "Ivan Ivanov"}, true},
		{Record{Kind: Person, Name: "Иван Петрович Иванов"}, Record{Kind: Person, Name: "Ivan Ivanov"}, false},
	} {
		a, b := newCard(&c.a), newCard(&c.b)
		var got comparison
		words{}.compare(&a, &b, &got)
		if got.swapped != c.swapped {
			t.Errorf("%+v %+v: %+v", c.a, c.b, got)
		}
	}
}

func TestLinesOfTheAddressTheOtherWayRound(t *testing.T) {
	a := newCard(&Record{Address: Address{Number: "21", Line: "woralul street", Extra: "flt 68"}})
	b := newCard(&Record{Address: Address{Number: "21", Line: "flt 68", Extra: "woralul street"}})
	var got comparison
	words{}.compare(&a, &b, &got)
	if !got.crossed || got.level[FieldLine] != Equal || got.level[FieldExtra] != Equal {
		t.Errorf("%+v", got)
	}
}

// TestUnitsAreNotDuplicates: what a firm's branches share by nature says
// nothing.
func TestUnitsAreNotDuplicates(t *testing.T) {
	a := newCard(&Record{Root: 7, Kind: Organisation, Name: "Юг Ауто – сервиз Шумен", TaxID: "322185145", Emails: []string{"info@yug-auto.example"}})
	b := newCard(&Record{Root: 7, Kind: Organisation, Name: "Юг Ауто – склад Хасково", TaxID: "322185145", Emails: []string{"info@yug-auto.example"}})
	var got comparison
	words{}.compare(&a, &b, &got)
	if got.level[FieldTaxID] != Missing || got.level[FieldEmail] != Missing || got.level[FieldName] == Equal || got.level[FieldName] == Close {
		t.Errorf("%v", got.level)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Иванов Иван", "ivanov", "ул. Мира 1", "19820307", "+359", "a@b")
	f.Add("", "ООО", "12", "\xff", " ", "-")
	f.Fuzz(func(t *testing.T, name, other, line, born, phone, mail string) {
		records := []Record{
			{ID: 1, Kind: Person, Name: name, Phones: []string{phone}, Emails: []string{mail}, Born: born, TaxID: phone, Address: Address{Line: line, City: other}},
			{ID: 2, Kind: Organisation, Name: other, Phones: []string{phone, born}, Emails: []string{mail}, Born: born, VATID: born, Address: Address{Line: other, Number: line}},
			{ID: 3, Given: name, Family: other, OtherIDs: []string{line}, Address: Address{Extra: line, Postcode: born, Country: other}},
		}
		var store cards
		var packed []card
		for i := range records {
			c := newCard(&records[i])
			store.add(&c)
			packed = append(packed, c)
		}
		store.seal()
		var c card
		for i := range packed {
			if store.read(uint32(i), &c); c != packed[i] {
				t.Errorf("%+v became %+v", packed[i], c)
			}
			for j := range packed {
				var got comparison
				words{}.compare(&packed[i], &packed[j], &got)
			}
			for _, s := range schemes {
				s.keys(&packed[i], func(uint64, uint64) {})
			}
		}
	})
}
