package selection

import "strings"

// services are the ports that stand for what rows do not say, by the first part of Wireshark's names for it.
var services = []struct{ names, port, ask string }{
	{"http http1 www", "80", "tcp.port == 80"}, {"https tls ssl", "443", "tcp.port == 443"}, {"http2 http3 quic gquic", "443", "port:443"},
	{"dns domain", "53", "port:53"}, {"mdns", "5353", "udp.port == 5353"}, {"ssh", "22", "tcp.port == 22"}, {"telnet", "23", "tcp.port == 23"},
	{"ftp", "21", "tcp.port == 21"}, {"smtp", "25", "tcp.port == 25"}, {"pop pop3", "110", "tcp.port == 110"}, {"imap", "143", "tcp.port == 143"},
	{"dhcp bootp dhcpv4", "67", "udp.port in {67, 68}"}, {"dhcpv6", "547", "udp.port in {546, 547}"}, {"ntp", "123", "udp.port == 123"},
	{"snmp", "161", "udp.port == 161"}, {"smb smb2 nbss", "445", "tcp.port == 445"}, {"rdp", "3389", "tcp.port == 3389"}, {"sip", "5060", "port:5060"},
	{"ldap", "389", "tcp.port == 389"}, {"mysql", "3306", "tcp.port == 3306"}, {"mqtt", "1883", "tcp.port == 1883"},
	{"vxlan", "4789", "udp.port == 4789"},
}

// hints say what else there is to ask, by the first part of a name or all of it.
var hints = []struct{ names, text string }{
	{"icmp icmpv6 igmp sctp gre esp ah ospf vrrp", "proto:other holds for IP without TCP and UDP ports, such as ICMP"},
	{"arp stp lldp cdp loop eapol", "proto:none holds for what has no IP address, such as ARP"},
	{"eth ether mac vlan wlan radiotap sll ppp", "they have IP addresses, such as host:192.0.2.1"},
	{"ipv4 ip4", "write ip for IPv4"}, {"ip6 inet6", "write ipv6"},
	{"frame.time frame.time_relative frame.time_epoch frame.time_delta time", "a range of time is chosen by dragging over a chart"},
	{"ip.host ipv6.host hostname domain fqdn sni url dns.qry.name dns.resp.name http.host tls.handshake.extensions_server_name",
		"site: takes the domain of a site, such as site:example.org, and host: an address"},
	{"pid app application exe comm cmdline process.name", "process: takes the name of a program, such as process:curl"},
	{"ip.len ipv6.plen tcp.len udp.length frame.cap_len data.len length size bytes", "frame.len is the length of the whole packet, such as len:>1000"},
	{"ip.proto ipv6.nxt protocol", "proto: takes tcp, udp, tcp+udp, other and none"},
	{"contains matches", "they have no contents, and names are compared as a whole, such as site:example.org"},
	{"xor", "either one or the other is written (a && !b) || (b && !a)"},
	{"any all", "any is meant by == and all by !="},
}

func among(names, name string) bool {
	for _, n := range strings.Fields(names) {
		if n == name {
			return true
		}
	}
	return false
}

// serviceOf is the port that a service's name stands for, "" for other names.
func serviceOf(name string) string {
	for _, s := range services {
		if among(s.names, strings.ToLower(name)) {
			return s.port
		}
	}
	return ""
}

// help is what to ask instead of a word that asks what rows do not say, "" for other words.
func help(word string) string {
	name := strings.ToLower(word)
	protocol, _, _ := strings.Cut(name, ".")
	for _, h := range hints {
		if among(h.names, name) || among(h.names, protocol) {
			return "rows do not say " + quoted(word) + ": " + h.text
		}
	}
	for _, s := range services {
		if among(s.names, protocol) {
			return "rows do not say " + quoted(word) + ", only ports: " + s.ask + " comes nearest"
		}
	}
	return ""
}

// unknown says of a word that it is none of the language, and which might be meant; keyed if it stands before a colon.
func unknown(word string, keyed bool) string {
	name := strings.ToLower(word)
	for _, b := range bareWords {
		if keyed && b.word == name {
			return b.word + " takes no value: a port is written port:443, an address host:192.0.2.1"
		}
	}
	if strings.HasPrefix(name, "www.") && isDomain(name) { // and not a service
		return notKnownSite(word)
	}
	if text := help(word); text != "" {
		return text
	}
	if near := nearest(name); near != "" {
		return quoted(word) + " is not known: did you mean " + near + "?"
	}
	switch first, _, dotted := strings.Cut(name, "."); {
	case isDomain(name) && !among("tcp udp ip ipv6 frame", first):
		return notKnownSite(word)
	case dotted && !keyed:
		return "rows do not hold " + quoted(word) + ": they have addresses (ip.addr), ports (tcp.port), protocols (tcp, udp) and lengths (frame.len), " +
			"and beside them there are programs (process) and sites (site)"
	}
	return quoted(word) + " is not known: " + expectedTerm
}

// nearest is the word of the language that a name is most like, if it is very like one.
func nearest(name string) (word string) {
	if len(name) > 20 {
		return ""
	}
	least := max(1, len(name)/4) + 1
	try := func(w string) {
		if n := distance(name, w); n < least {
			least, word = n, w
		}
	}
	for i := range fieldWords {
		try(fieldWords[i].word)
	}
	for _, b := range bareWords {
		try(b.word)
	}
	return word
}

// distance is how many letters one must add, leave out, change, or exchange with the next to make b of a.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
		for j := 1; j <= len(b); j++ {
			if i == 0 {
				rows[0][j] = j
				continue
			}
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
