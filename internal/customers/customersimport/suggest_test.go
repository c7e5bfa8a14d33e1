package customersimport_test

import (
	"strings"
	"testing"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
)

// TestColumnsAreSuggested maps files as people have them: headers of five
// languages and of other programs, and values without any.
func TestColumnsAreSuggested(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, tt := range []struct{ name, header, row, want string }{
		{
			"English", "Company name;Contact person;Job title;Phone number;E-mail address;Street address;ZIP code;City;Country;Web site;VAT number;How did they find us;Remarks",
			"Rose Oil;Ivan;Head;+359 88 123 4567;a@rose.example;1 Rose Street;6100;Kazanlak;Bulgaria;rose.example;BG123456789;Exhibition;calm",
			"name;contact_name;contact_position;phone;email;street;postcode;city;country;website;vat_id;source;note",
		},
		{
			"Bulgarian", "Фирма;ЕИК;Лице за контакт;Длъжност;Телефон;Мобилен телефон;Имейл;Адрес;Пощ. код;Град;Държава;Отговорник;Източник;Бележки;Рожден ден",
			"Роза;123456789;Иван;шеф;0881234567;0881234568;a@rose.example;Роза 1;6100;Казанлък;България;Мария;Изложение;спокоен;12.4.1985",
			"name;tax_id;contact_name;contact_position;phone;phone;email;street;postcode;city;country;owner;source;note;birthday",
		},
		{
			"Russian", "Наименование организации;ИНН;Контактное лицо;Должность;Телефон;Эл. почта;Адрес;Индекс;Город;Страна;Сайт;Ответственный менеджер;Комментарий;Дата рождения",
			"Ромашка;7701234567;Иван;директор;+7 916 123-45-67;a@rose.example;Мира 1;101000;Москва;Россия;rose.example;Мария;постоянный;12.04.1985",
			"name;tax_id;contact_name;contact_position;phone;email;street;postcode;city;country;website;owner;note;birthday",
		},
		{
			"Georgian", "კომპანიის სახელი;საიდენტიფიკაციო კოდი;საკონტაქტო პირი;თანამდებობა;ტელეფონი;ელ. ფოსტა;მისამართი;ქალაქი;ქვეყანა;ვებგვერდი;შენიშვნა",
			"ვარდი;123456789;ნინო;დირექტორი;555123456;a@rose.example;რუსთაველი 1;თბილისი;საქართველო;rose.example;მშვიდი",
			"name;tax_id;contact_name;contact_position;phone;email;street;city;country;website;note",
		},
		{
			"Polish", "Nazwa firmy;NIP;Osoba kontaktowa;Stanowisko;Telefon;Adres e-mail;Ulica;Kod pocztowy;Miejscowość;Kraj;Strona WWW;Opiekun;Uwagi",
			"Róża;5261040828;Anna;prezes;601 234 567;a@rose.example;Polna 1;00-001;Warszawa;Polska;rose.example;Maria;spokojna",
			"name;tax_id;contact_name;contact_position;phone;email;street;postcode;city;country;website;owner;note",
		},
		{
			"an address book", "First Name;Middle Name;Last Name;Organization Name;Organization Title;E-mail 1 - Value;E-mail 2 - Value;Phone 1 - Value;Phone 2 - Value;Birthday;Notes;Labels",
			"Ivan;;Petrov;Rose Oil;Head;a@rose.example;b@rose.example;+359 88 123 4567;+359 88 123 4568;1985-04-12;calm;vip",
			"first_name;middle_name;last_name;name;contact_position;email;email;phone;phone;birthday;note;tags",
		},
		{
			"a mail program", "First Name;Last Name;Company;Job Title;Business Street;Business City;Business Postal Code;Business Country/Region;Business Phone;Mobile Phone;E-mail Address;Web Page;Categories",
			"Ivan;Petrov;Rose Oil;Head;1 Rose Street;Kazanlak;6100;Bulgaria;+359 2 987 6543;+359 88 123 4567;a@rose.example;http://rose.example;vip",
			"first_name;last_name;name;contact_position;street;city;postcode;country;phone;phone;email;website;tags",
		},
		{
			"another customer system", "Record ID;Company name;Company owner;Phone Number;City;Country/Region;Industry;Create Date",
			"123;Rose Oil;Maria;+359 2 987 6543;Kazanlak;Bulgaria;Cosmetics;2025-01-02",
			"external_id;name;owner;phone;city;country;tags;",
		},
		{
			"names of a database", "customer_id;customer_name;email_address;mobile;country_code;created_at",
			"7;Rose Oil;a@rose.example;0881234567;BG;2025-01-02 10:11:12",
			"external_id;name;email;phone;country;",
		},
		{
			"no names at all", ";;;;;", "Rose Oil;a@rose.example;+359 88 123 4567;България;12;https://rose.example", ";email;phone;country;;website",
		},
		{"numbers are no phones", "a;b", "1234567;12", ";"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := w.target.Describe(i18n.With(w.ctx, i18n.Locale{Lang: i18n.English}))
			if err != nil {
				t.Fatal(err)
			}
			header, want := strings.Split(tt.header, ";"), strings.Split(tt.want, ";")
			for i, c := range imports.Suggest(d.Fields, header, [][]string{strings.Split(tt.row, ";")}) {
				if c.Field != want[i] {
					t.Errorf("column %q (%s) goes to %q, want %q", header[i], c.Samples, c.Field, want[i])
				}
			}
		})
	}
}
