package pdf

// The sample cards: invented firms and persons, as a native would write.

var english = words{
	lang: "en", company: "Harbour & Finch Ltd", kind: "Information card", name: "Larkspur Bakeries", under: "Bakery chain, 14 shops · Bristol, United Kingdom", tab: "№ 1 024",
	note: "Printed by Helen Marsh on 20 November 2026, 14:30", contacts: "People", sales: "Purchases", history: "History", memo: "Notes",
	badges: Badges{{"Class A", Accent}, {"Regular customer", Good}, {"Payment overdue 3 days", Warn}, {"wholesale", Plain}},
	pairs: KeyValue{
		{Key: "Phone", Value: "+44 117 496 0123"},
		{Key: "E-mail", Value: "orders@larkspur-bakeries.example"},
		{Key: "Responsible", Value: "Helen Marsh"},
		{Key: "Next step", Value: "Call on 24 November: autumn price list"},
		{Key: "Address", Value: "Unit 7, Old Tannery Yard, Bristol BS1 4ZZ, United Kingdom", Wide: true},
		{Key: "Source", Value: "Recommended by Copper Kettle Cafés"},
		{Key: "Terms", Value: "30 days, 5 % above £10,000"},
	},
	columns: [4]string{"Name", "Position", "Phone", "E-mail"},
	people: [][]string{
		{"Margaret Thornbury", "Head of purchasing", "+44 7700 900123", "m.thornbury@larkspur-bakeries.example"},
		{"Oliver Penrose", "Accountant", "+44 7700 900456", "o.penrose@larkspur-bakeries.example"},
	},
	salesColumns: [4]string{"Day", "What", "Quantity", "Amount"},
	sold: [][]string{
		{"2 Nov 2026", "Stoneground flour, 25 kg", "40", "£1,180.00"},
		{"12 Oct 2026", "Rye flour, 25 kg", "12", "£396.00"},
		{"1 Sep 2026", "Stoneground flour, 25 kg; delivery before six in the morning to the shop at Redcliffe", "60", "£1,770.00"},
		{"", "Total", "112", "£3,346.00"},
	},
	events: []TimelineItem{
		{When: "20 Nov 2026, 11:05", Title: "Call: delivery times agreed", Text: "They would like deliveries before six. Margaret prefers a call in the morning and a short written summary afterwards.", Who: "Helen Marsh", Tone: Accent},
		{When: "12 Nov 2026", Title: "Complaint settled", Text: "Two damaged sacks replaced the same day.", Who: "Peter Hale", Tone: Good},
		{When: "3 Nov 2026", Title: "Invoice overdue", Text: "Reminder sent.", Who: "Helen Marsh", Tone: Warn},
	},
	text: "A family firm in its third generation; decisions are taken on Mondays. Likes to be shown new flours before anybody else.\nDo not call on Fridays after noon.",
}

var bulgarian = words{
	lang: "bg", company: "Балкан Трейд ООД", kind: "Информационна карта", name: "Пекарни „Златен клас“", under: "Верига пекарни, 14 магазина · Пловдив, България", tab: "№ 1 024",
	note: "Отпечатано от Десислава Тонева на 20 ноември 2026 г., 14:30", contacts: "Хора", sales: "Покупки", history: "История", memo: "Бележки",
	badges: Badges{{"Клас А", Accent}, {"Постоянен клиент", Good}, {"Плащане със закъснение 3 дни", Warn}, {"на едро", Plain}},
	pairs: KeyValue{
		{Key: "Телефон", Value: "+359 32 123 456"},
		{Key: "Имейл", Value: "poruchki@zlaten-klas.example"},
		{Key: "Отговорник", Value: "Десислава Тонева"},
		{Key: "Следваща стъпка", Value: "Обаждане на 24 ноември: есенна ценова листа"},
		{Key: "Адрес", Value: "ул. „Сладка“ № 7, 4000 Пловдив, България", Wide: true},
		{Key: "Източник", Value: "Препоръка от кафе „Медният чайник“"},
		{Key: "Условия", Value: "30 дни, 5 % отстъпка над 10 000 €"},
	},
	columns: [4]string{"Име", "Длъжност", "Телефон", "Имейл"},
	people: [][]string{
		{"Маргарита Колева", "Началник „Снабдяване“", "+359 88 812 3456", "m.koleva@zlaten-klas.example"},
		{"Огнян Петров", "Счетоводител", "+359 88 865 4321", "o.petrov@zlaten-klas.example"},
	},
	salesColumns: [4]string{"Ден", "Какво", "Количество", "Сума"},
	sold: [][]string{
		{"2.11.2026", "Брашно, каменно смляно, 25 кг", "40", "1180,00 €"},
		{"12.10.2026", "Ръжено брашно, 25 кг", "12", "396,00 €"},
		{"1.09.2026", "Брашно, каменно смляно, 25 кг; доставка преди шест сутринта в магазина на Капана", "60", "1770,00 €"},
		{"", "Общо", "112", "3346,00 €"},
	},
	events: []TimelineItem{
		{When: "20.11.2026, 11:05", Title: "Разговор: уточнени часове за доставка", Text: "Искат доставките преди шест. Маргарита предпочита да ѝ звъним сутрин и после да ѝ пишем накратко.", Who: "Десислава Тонева", Tone: Accent},
		{When: "12.11.2026", Title: "Рекламацията е уредена", Text: "Двата скъсани чувала са сменени още същия ден.", Who: "Петър Халачев", Tone: Good},
		{When: "3.11.2026", Title: "Просрочена фактура", Text: "Изпратено е напомняне.", Who: "Десислава Тонева", Tone: Warn},
	},
	text: "Семейна фирма, трето поколение; решенията се вземат в понеделник. Обичат първи да видят новите брашна.\nДа не се звъни в петък следобед.",
}

var russian = words{
	lang: "ru", company: "ООО «Северный двор»", kind: "Информационная карта", name: "Пекарни «Золотой колос»", under: "Сеть пекарен, 14 магазинов · Тверь, Россия", tab: "№ 1 024",
	note: "Напечатала Елена Маркова 20 ноября 2026 г., 14:30", contacts: "Люди", sales: "Покупки", history: "История", memo: "Заметки",
	badges: Badges{{"Класс А", Accent}, {"Постоянный клиент", Good}, {"Оплата просрочена на 3 дня", Warn}, {"опт", Plain}},
	pairs: KeyValue{
		{Key: "Телефон", Value: "+7 4822 12-34-56"},
		{Key: "Эл. почта", Value: "zakaz@zolotoy-kolos.example"},
		{Key: "Ответственный", Value: "Елена Маркова"},
		{Key: "Следующий шаг", Value: "Звонок 24 ноября: осенний прайс-лист"},
		{Key: "Адрес", Value: "170000, Тверь, Мельничный переулок, д. 7, стр. 2, Россия", Wide: true},
		{Key: "Источник", Value: "Рекомендация кофейни «Медный чайник»"},
		{Key: "Условия", Value: "30 дней, скидка 5 % от 100 000 ₽"},
	},
	columns: [4]string{"Имя", "Должность", "Телефон", "Эл. почта"},
	people: [][]string{
		{"Маргарита Терентьева", "Начальник отдела закупок", "+7 900 123-45-67", "m.terentyeva@zolotoy-kolos.example"},
		{"Олег Щёголев", "Бухгалтер", "+7 900 765-43-21", "o.schegolev@zolotoy-kolos.example"},
	},
	salesColumns: [4]string{"День", "Что", "Количество", "Сумма"},
	sold: [][]string{
		{"2.11.2026", "Мука жернового помола, 25 кг", "40", "118 000,00 ₽"},
		{"12.10.2026", "Мука ржаная, 25 кг", "12", "39 600,00 ₽"},
		{"1.09.2026", "Мука жернового помола, 25 кг; доставка до шести утра в магазин на набережной", "60", "177 000,00 ₽"},
		{"", "Итого", "112", "334 600,00 ₽"},
	},
	events: []TimelineItem{
		{When: "20.11.2026, 11:05", Title: "Звонок: согласовано время доставки", Text: "Просят привозить до шести. Маргарита предпочитает утренний звонок и короткое письмо после него.", Who: "Елена Маркова", Tone: Accent},
		{When: "12.11.2026", Title: "Рекламация закрыта", Text: "Два порванных мешка заменили в тот же день.", Who: "Пётр Галкин", Tone: Good},
		{When: "3.11.2026", Title: "Счёт просрочен", Text: "Отправлено напоминание.", Who: "Елена Маркова", Tone: Warn},
	},
	text: "Семейная фирма, третье поколение; решения принимают по понедельникам. Любят первыми видеть новую муку.\nПо пятницам после обеда не звонить.",
}

var georgian = words{
	lang: "ka", company: "შპს „ძველი ეზო“", kind: "საინფორმაციო ბარათი", name: "საცხობი „ოქროს თავთავი“", under: "საცხობების ქსელი, 14 მაღაზია · ქუთაისი, საქართველო", tab: "№ 1 024",
	note: "დაბეჭდა ელენე მარგიანმა, 20 ნოემბერი, 2026, 14:30", contacts: "ადამიანები", sales: "შესყიდვები", history: "ისტორია", memo: "ჩანაწერები",
	badges: Badges{{"კლასი A", Accent}, {"მუდმივი კლიენტი", Good}, {"გადახდა დაგვიანებულია 3 დღით", Warn}, {"საბითუმო", Plain}},
	pairs: KeyValue{
		{Key: "ტელეფონი", Value: "+995 431 12 34 56"},
		{Key: "ელფოსტა", Value: "shekveta@okros-tavtavi.example"},
		{Key: "პასუხისმგებელი", Value: "ელენე მარგიანი"},
		{Key: "შემდეგი ნაბიჯი", Value: "ზარი 24 ნოემბერს: შემოდგომის ფასები"},
		{Key: "მისამართი", Value: "წისქვილის ქუჩა 7, 4600 ქუთაისი, საქართველო", Wide: true},
		{Key: "წყარო", Value: "გვირჩია კაფემ „სპილენძის ჩაიდანი“"},
		{Key: "პირობები", Value: "30 დღე, 10 000 ₾-ის ზემოთ 5 % ფასდაკლება"},
	},
	columns: [4]string{"სახელი", "თანამდებობა", "ტელეფონი", "ელფოსტა"},
	people: [][]string{
		{"მარგარიტა წულუკიძე", "შესყიდვების სამსახურის უფროსი", "+995 555 12 34 56", "m.tsulukidze@okros-tavtavi.example"},
		{"ოთარ ჯაფარიძე", "ბუღალტერი", "+995 555 65 43 21", "o.japaridze@okros-tavtavi.example"},
	},
	salesColumns: [4]string{"დღე", "რა", "რაოდენობა", "თანხა"},
	sold: [][]string{
		{"02.11.2026", "წისქვილის ქვით დაფქული ფქვილი, 25 კგ", "40", "1 180,00 ₾"},
		{"12.10.2026", "ჭვავის ფქვილი, 25 კგ", "12", "396,00 ₾"},
		{"01.09.2026", "წისქვილის ქვით დაფქული ფქვილი, 25 კგ; მიწოდება დილის ექვს საათამდე", "60", "1 770,00 ₾"},
		{"", "სულ", "112", "3 346,00 ₾"},
	},
	events: []TimelineItem{
		{When: "20.11.2026, 11:05", Title: "ზარი: მიწოდების დრო შეთანხმებულია", Text: "სურთ, რომ ფქვილი ექვს საათამდე მიიღონ. მარგარიტას ურჩევნია, დილით დავურეკოთ და მერე მოკლედ მივწეროთ.", Who: "ელენე მარგიანი", Tone: Accent},
		{When: "12.11.2026", Title: "საჩივარი მოგვარებულია", Text: "ორი დახეული ტომარა იმავე დღეს შევცვალეთ.", Who: "პეტრე ხალვაში", Tone: Good},
		{When: "03.11.2026", Title: "ანგარიში ვადაგადაცილებულია", Text: "შეხსენება გაგზავნილია.", Who: "ელენე მარგიანი", Tone: Warn},
	},
	text: "ოჯახური ფირმა, მესამე თაობა; გადაწყვეტილებებს ორშაბათობით იღებენ. უყვართ, როცა ახალ ფქვილს პირველებს ვაჩვენებთ.\nპარასკევს ნაშუადღევს ნუ დავურეკავთ.",
}

var polish = words{
	lang: "pl", company: "Stary Dwór sp. z o.o.", kind: "Karta informacyjna", name: "Piekarnie „Złoty Kłos”", under: "Sieć piekarni, 14 sklepów · Łódź, Polska", tab: "№ 1 024",
	note: "Wydrukowała Helena Wójcik 20 listopada 2026, 14:30", contacts: "Osoby", sales: "Zakupy", history: "Historia", memo: "Notatki",
	badges: Badges{{"Klasa A", Accent}, {"Stały klient", Good}, {"Płatność opóźniona o 3 dni", Warn}, {"hurt", Plain}},
	pairs: KeyValue{
		{Key: "Telefon", Value: "+48 42 123 45 67"},
		{Key: "E-mail", Value: "zamowienia@zloty-klos.example"},
		{Key: "Osoba odpowiedzialna", Value: "Helena Wójcik"},
		{Key: "Następny krok", Value: "Telefon 24 listopada: cennik jesienny"},
		{Key: "Adres", Value: "ul. Młyńska 7, 90-001 Łódź, Polska", Wide: true},
		{Key: "Źródło", Value: "Z polecenia kawiarni „Miedziany Czajnik”"},
		{Key: "Warunki", Value: "30 dni, 5 % rabatu powyżej 10 000 zł"},
	},
	columns: [4]string{"Imię i nazwisko", "Stanowisko", "Telefon", "E-mail"},
	people: [][]string{
		{"Małgorzata Źdźbłowska", "Kierowniczka działu zaopatrzenia", "+48 601 234 567", "m.zdzblowska@zloty-klos.example"},
		{"Olgierd Święch", "Księgowy", "+48 601 765 432", "o.swiech@zloty-klos.example"},
	},
	salesColumns: [4]string{"Dzień", "Co", "Ilość", "Kwota"},
	sold: [][]string{
		{"2.11.2026", "Mąka z żaren, 25 kg", "40", "1180,00 zł"},
		{"12.10.2026", "Mąka żytnia, 25 kg", "12", "396,00 zł"},
		{"1.09.2026", "Mąka z żaren, 25 kg; dostawa przed szóstą rano do sklepu przy Piotrkowskiej", "60", "1770,00 zł"},
		{"", "Razem", "112", "3346,00 zł"},
	},
	events: []TimelineItem{
		{When: "20.11.2026, 11:05", Title: "Telefon: uzgodniono godziny dostaw", Text: "Proszą o dostawy przed szóstą. Małgorzata woli telefon rano i krótkie podsumowanie na piśmie.", Who: "Helena Wójcik", Tone: Accent},
		{When: "12.11.2026", Title: "Reklamacja załatwiona", Text: "Dwa rozdarte worki wymieniono tego samego dnia.", Who: "Piotr Halicki", Tone: Good},
		{When: "3.11.2026", Title: "Faktura po terminie", Text: "Wysłano przypomnienie.", Who: "Helena Wójcik", Tone: Warn},
	},
	text: "Firma rodzinna, trzecie pokolenie; decyzje zapadają w poniedziałki. Lubią jako pierwsi zobaczyć nowe mąki.\nNie dzwonić w piątki po południu.",
}
