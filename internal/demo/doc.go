// Package demo makes up a believable company and its customer file: Verstena,
// a maker of office and shop-fitting equipment, selling to organisations and
// persons in Bulgaria, Georgia, Poland, Russia and Britain.
//
// It is pure: no database, no clock of its own, no other module. Customer i
// depends only on the seed, the day it is for and i, so a million customers
// stream through Customers without being held, any range can be made in
// parallel, and the same options always give the same file. Parents,
// recommenders and duplicates refer to lower indexes only.
//
// Nobody here exists: names are drawn from word lists under data/, e-mail
// addresses and sites use domains reserved for examples, British numbers come
// from the ranges reserved for fiction while these last (the other countries
// reserve none), and tax numbers merely have correct check digits.
package demo
