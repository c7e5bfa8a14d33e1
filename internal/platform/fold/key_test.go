package fold

import (
	"strings"
	"testing"
)

// oneName are rows of spellings that must find each other.
var oneName = []string{
	// From the acceptance table.
	"Иванов Ivanov ივანოვი Iwanow Ivanoff IVANOV Ivanóv",
	"Łódź Lodz Лодзь LODZ łódź",
	"Юлия Yulia Julia Iulia Yuliya Юлія იულია Julija",
	"Щербаков Shcherbakov Szczerbakow Schtscherbakow Ščerbakov შჩერბაკოვი",
	"Müller Mueller Muller Мюллер",
	"Ковальская Kowalska Kovalskaya Kovalskaja Kovalska Ковальска",
	"ნინო Nino Нино",
	// Bulgarian.
	"Георги Georgi Gueorgui Gueorguy",
	"Георгиев Georgiev Gueorguiev Georgieff",
	"Димитър Dimitar Димитар",
	"Стоянов Stoyanov Stoianov Stojanow სტოიანოვი",
	"Христо Hristo Khristo Christo",
	"Йордан Yordan Jordan Iordan",
	"Щерев Shterev",
	"Цветков Tsvetkov Tzvetkov",
	"Търново Tarnovo",
	"Янка Yanka Janka Ianka",
	"Людмила Lyudmila Ludmila Liudmila Ljudmila",
	"Кольо Kolyo Kolje",
	"Живков Zhivkov Żiwkow Živkov",
	// Russian.
	"Пётр Петр Petr Pyotr",
	"Фёдор Федор Fedor Fyodor Fjodor",
	"Соловьёв Соловьев Solovyov Solovyev Solovev Solov'ev Solovjev Sołowjow",
	"Евгений Yevgeny Evgeny Evgenii Yevgeniy Evgeniy Jewgienij",
	"Дмитрий Dmitry Dmitri Dmitriy Dmitrii",
	"Сергей Sergey Sergei Siergiej Serguei Sergej",
	"Алексей Alexey Aleksei Alexei Aleksiej",
	"Андрей Andrey Andrei Andrej ანდრეი",
	"Татьяна Tatyana Tatiana Tatjana Татяна",
	"Наталья Наталия Natalya Natalia Nataliya Natalja",
	"Мария Maria Mariya Marija მარია Mária",
	"Екатерина Ekaterina Yekaterina Jekaterina",
	"Ксения Ksenia Xenia Kseniya",
	"Максим Maxim Maksim Maksym",
	"Чайковский Tchaikovsky Chaikovsky Czajkowski Tchaikovski Čajkovskij Tschaikowski",
	"Хрущёв Khrushchev Chruszczew",
	"Жуков Zhukov Żukow",
	"Александр Alexander Aleksandr Aleksander Alexandr ალექსანდრე Alexandre",
	"Новицкая Nowicka Novitskaya Novitska",
	"Новицкий Nowicki Novitsky Novitskiy",
	"Илья Ilya Ilia ილია Ilja",
	"Анна Anna Ana ანა",
	"Объедков Obyedkov Obedkov",
	// Polish.
	"Kowalski Ковальский Kovalsky Kovalskiy Kowalsky კოვალსკი",
	"Szymański Szymanski Шиманский Shimanski",
	"Wójcik Wojcik",
	"Agnieszka Агнешка Agnieshka",
	"Małgorzata Malgorzata Малгожата",
	"Katarzyna Катажина",
	"Krzysztof Кшиштоф",
	"Przemysław Przemyslaw Пшемыслав",
	"Grzegorz Гжегож",
	"Leszek Лешек Leshek",
	"Jacek Яцек Yatsek",
	"Jerzy Ежи",
	"Żółkiewski Zolkiewski Жолкевский",
	"Łukasz Lukasz Лукаш",
	"Dąbrowska Dabrowska",
	"Warszawa Варшава Varshava",
	// Georgian.
	"გიორგი Giorgi Гиорги",
	"კვარაცხელია Kvaratskhelia Кварацхелия",
	"ჯავახიშვილი Javakhishvili Джавахишвили",
	"ჯუღაშვილი Jughashvili Dzhugashvili Джугашвили",
	"შევარდნაძე Shevardnadze Шеварднадзе Szewardnadze",
	"იაშვილი Iashvili Yashvili Яшвили",
	"ჩხეიძე Chkheidze Чхеидзе",
	"წერეთელი Tsereteli Церетели Cereteli",
	"ღვინიაშვილი Ghviniashvili Гвиниашвили",
	"ყიფიანი Qipiani Kipiani Кипиани",
	"თამარ თამარი Tamar Тамар Tamari",
	"ხატია Khatia Хатия Hatia",
	"ბაგრატიონი Bagrationi Багратиони",
	"ქუთაისი Kutaisi Кутаиси",
	// Elsewhere.
	"Schröder Schroeder Schroder",
	"Schmidt Шмидт",

	"Sørensen Sorensen",
	"Đorđević Djordjevic Джорджевич Dzhordzhevich",
	"Петрович Petrovich Petrović Petrovic Petrowicz",
	"Thomas Tomas Томас",
	"Sophia Sofia София Sofiya Софья Софія",
	"O'Brien OBrien O’Brien",
	"Straße Strasse STRASSE",
	"Ａｂｃ abc",
	"Йордан И\u0306ордан",
}

func TestOneNameHasOneKey(t *testing.T) {
	pairs := 0
	for _, row := range oneName {
		spellings := strings.Fields(row)
		for _, s := range spellings[1:] {
			pairs++
			if Key(s) != Key(spellings[0]) {
				t.Errorf("%s is %q, but %s is %q", s, Key(s), spellings[0], Key(spellings[0]))
			}
		}
	}
	if pairs < 80 {
		t.Errorf("only %d pairs", pairs)
	}
}

// otherNames are pairs of different names; their keys must differ.
var otherNames = []string{
	"Иванов Иванова", "Ivanov Ivanova", "ივანოვი ივანოვა", "Иванов Ивано", "Иванов Петров", "Ivanov Ivanovich", "Иванов Иваненко",
	"Kowalski Kowalska", "Ковальский Ковальская", "Kowalski Kowalczyk", "Kowal Kowalski", "Nowak Nowacki",
	"Юлия Юлиан", "Юлия Лилия", "Julia Juliana", "Maria Mara", "Maria Marina", "Мария Марина", "Maria Mario",
	"Анна Яна", "Anna Anya", "Anna Hanna", "Ана Ани", "Иван Ивана", "Иван Йоан", "Ivan Evan", "Jan Ivan",
	"Георги Георгиев", "Giorgi Grigori", "Димитър Димитров", "Стоянов Стоянова", "Стоев Стоянов", "Петър Петров",
	"Шаров Саров", "Sharov Sarov", "Боев Бов", "Раев Равев", "Хаджиев Гаджиев", "Цветков Светков", "Чехов Шехов",
	"ნინო ნანა", "ნინო ნინი", "ლალი ლელა", "თამარ თამაზ", "დავით დათო", "გიგა გოგა", "ბერიძე ბერია", "კვარაცხელია კვარაცხავა",
	"Müller Miller", "Müller Möller", "Schmidt Schmitz", "Meier Maier", "Lodz Loza", "Łódź Łęg", "Wolf Volkov",
	"Сергей Сергеев", "Дмитрий Дмитриев", "Алексей Алексеев", "Александр Александра", "Alexander Alexandra", "Александр Алексей",
	"Наталья Наташа", "Татьяна Таня", "Павел Павлов", "Paweł Paulina", "Leszek Lech", "Jerzy Jacek", "Ross Rossi", "Toni Tonia",
	"K-1 K-2", "12 21", "abc1 abc2", "АББ АВВ",
}

func TestOtherNamesHaveOtherKeys(t *testing.T) {
	for _, pair := range otherNames {
		a, b, _ := strings.Cut(pair, " ")
		if Key(a) == Key(b) {
			t.Errorf("%s and %s are both %q", a, b, Key(a))
		}
	}
}

func TestKeyParts(t *testing.T) {
	for s, want := range map[string]string{
		"":                        "",
		"  ":                      "",
		"—…":                      "",
		"  Иванов,   Иван ":       "ivanov ivan",
		"Rimsky-Korsakov":         "rimsk korsakov",
		"№ 12/7":                  "no 12 7",
		"7 Up 1000":               "7 up 1000",
		"٣٤":                      "34",
		"A&B":                     "a b",
		"张伟":                      "zang vei",
		"\xff\xfeab":              "ab",
		"xXx":                     "ksksks",
		"0011":                    "0011",
		"C++":                     "k",
		strings.Repeat("ščx", 20): strings.Repeat("stchx", 20),
		"წიგნი":                   "tsign",
		"ДЖ":                      "i",
		"ЗАО «Ромашка»":           "zao romashka",
		"Ὀδυσσεύς":                "oduseus",
		"e\u0301te\u0301":         "ete",
		"Ivan\u00adov":            "ivanov",
		"Пхакадзе":                "fakadze",
		"O'Neil":                  "oneil",
		"Joe Sue":                 "ioe sue",
		"Ковальская-Новицкая":     "kovalska novitska",
		"ООО \"Вектор\", Нижний Тагил": "o vektor nizn tagil",
	} {
		if got := Key(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if got := Words("Иванов, Иван"); len(got) != 2 || got[0] != "ivanov" || got[1] != "ivan" {
		t.Errorf("words: %q", got)
	}
}

func FuzzKey(f *testing.F) {
	for _, row := range oneName {
		f.Add(row)
	}
	f.Add("тх ПХ skaia ff dr tr ddr iii stszcz krzkrz 'ъьо")
	f.Fuzz(func(t *testing.T, s string) {
		key := Key(s)
		if again := Key(key); again != key {
			t.Errorf("%q: %q, then %q", s, key, again)
		}
		for _, c := range []byte(key) {
			if c != ' ' && !isLetter(c) && (c < '0' || c > '9') {
				t.Errorf("%q: %q has %q", s, key, c)
			}
		}
		if strings.Contains(key, "  ") || strings.TrimSpace(key) != key {
			t.Errorf("%q: spaces in %q", s, key)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		Key("Общество «Ромашка», Иванов Дмитрий Александрович")
	}
}

func BenchmarkKeyLong(b *testing.B) {
	long := strings.Repeat("тхsz", 10_000)
	for b.Loop() {
		Key(long)
	}
}
