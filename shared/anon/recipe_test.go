package anon

import "testing"

func TestRecipe(t *testing.T) {
	good := func(text, want string, r Recipe) {
		t.Helper()
		got, err := ParseRecipe(text)
		if err != nil || got != r || got.String() != want {
			t.Errorf("%q gave %+v, %q, %v; want %+v, %q", text, got, got.String(), err, r, want)
		}
		if again, err := ParseRecipe(want); err != nil || again.String() != want {
			t.Errorf("%q gave %+v, %v", want, again, err)
		}
	}
	good("ipcrypt-pfx", "ipcrypt-pfx", Recipe{})
	good("cryptopan", "cryptopan", Recipe{Scheme: CryptoPAn})
	good("ipcrypt-pfx,classes=kept", "ipcrypt-pfx,classes=kept", Recipe{Scheme: Pfx, Classes: true})
	good("numbers,private=kept", "numbers,private=kept", Recipe{Scheme: Numbers, KeepPrivate: true})
	good("truncate", "truncate:24:48", Recipe{Scheme: Truncate})
	good("truncate:16:32", "truncate:16:32", Recipe{Scheme: Truncate, V4: 16, V6: 32})
	good("truncate:8:128,ports=kept,times=exact", "truncate:8:128", Recipe{Scheme: Truncate, V4: 8, V6: 128})
	good("cryptopan,times=shifted,times=minutes,ports=dropped", "cryptopan,ports=dropped,times=minutes,times=shifted",
		Recipe{Scheme: CryptoPAn, Ports: PortsDropped, Times: TimesInMinutes, Shift: true})
	good("cryptopan,ports=bucketed,times=seconds", "cryptopan,ports=bucketed,times=seconds", Recipe{Scheme: CryptoPAn, Ports: PortsBucketed, Times: TimesInSeconds})
	for _, text := range []string{
		"", "md5", "cryptopan:24:48", "Cryptopan", " cryptopan", "cryptopan,", "cryptopan,private", "truncate:7:48", "truncate:33:48", "truncate:24",
		"truncate:24:15", "truncate:24:129", "truncate:24:48:1", "truncate:a:b", "truncate:-8:48", "cryptopan,ports=none", "cryptopan,times=hours",
	} {
		if r, err := ParseRecipe(text); err != ErrRecipe || r != (Recipe{}) {
			t.Errorf("%q gave %+v, %v", text, r, err)
		}
	}
}

func TestKeyed(t *testing.T) {
	for text, want := range map[string]bool{"cryptopan": true, "numbers": true, "ipcrypt-pfx": true, "truncate": false, "truncate,times=shifted": true} {
		r, err := ParseRecipe(text)
		if err != nil || r.Keyed() != want {
			t.Errorf("%s: keyed %v, %v", text, r.Keyed(), err)
		}
	}
	if _, err := New(Recipe{Scheme: Pfx}, Key{}); err != ErrHalves {
		t.Errorf("a key of two equal halves: %v", err)
	}
}
