// Package ports names the services that ports are registered for, for those that people meet.
package ports

import (
	"strconv"
	"strings"
)

// Name is the service that IANA has registered a TCP or UDP port for, or "" if that is none that people meet. A name says what a port is
// meant for, not what runs there. Ports that are better known for something else than what they are registered for have none, such as
// 3000, 5000 or 9200. HTTP/3 is told from HTTP over TCP: 443/udp, which is registered as https too, is "quic".
func Name(port uint16, udp bool) string {
	begin := "\n" + strconv.Itoa(int(port)) + " "
	i := strings.Index(names, begin)
	if i < 0 {
		return ""
	}
	name := names[i+len(begin):]
	name = name[:strings.IndexByte(name, '\n')]
	switch at := strings.IndexByte(name, '/'); {
	case at < 0:
		return name
	case udp:
		return name[at+1:]
	default:
		return name[:at]
	}
}

// names has a line for a port: its service, or that of TCP, a slash, and that of UDP. It is one text, since a map of as many would be larger
// in WebAssembly and made at every start, and only what is on the page is looked up.
const names = `
7 echo
9 discard
19 chargen
20 ftp-data
21 ftp
22 ssh
23 telnet
25 smtp
43 nicname
49 tacacs
53 domain
67 bootps
68 bootpc
69 tftp
80 http
88 kerberos
102 iso-tsap
110 pop3
111 sunrpc
113 ident/auth
119 nntp
123 ntp
135 epmap
137 netbios-ns
138 netbios-dgm
139 netbios-ssn
143 imap/
161 snmp
162 snmptrap
179 bgp
194 irc
319 ptp-event
320 ptp-general
389 ldap
443 https/quic
445 microsoft-ds
464 kpasswd
465 submissions/igmpv3lite
500 isakmp
502 mbap
513 login/who
514 shell/syslog
515 printer
520 efs/router
521 ripng
546 dhcpv6-client
547 dhcpv6-server
548 afpovertcp
554 rtsp
587 submission
593 http-rpc-epmap
623 oob-ws-http/asf-rmcp
631 ipp
636 ldaps
646 ldp
655 tinc
830 netconf-ssh
853 domain-s
860 iscsi
873 rsync
989 ftps-data
990 ftps
992 telnets
993 imaps/
995 pop3s
1080 socks
1099 rmiregistry
1119 bnetgame
1194 openvpn
1433 ms-sql-s
1434 ms-sql-m
1494 ica
1701 l2f
1719 h323gatestat
1720 h323hostcall
1723 pptp
1812 radius
1813 radius-acct
1883 mqtt
1900 ssdp
1935 macromedia-fcs
2049 nfs
2123 gtp-control
2152 gtp-user
2375 docker/
2376 docker-s/
2377 swarm/
2379 etcd-client/
2380 etcd-server/
2404 iec-104
2427 mgcp-gateway
3074 xbox
3260 iscsi-target
3268 msft-gc
3269 msft-gc-ssl
3306 mysql
3389 ms-wbt-server
3478 stun
3493 nut
3544 teredo
3689 daap
3690 svn
3702 ws-discovery
3784 bfd-control
3785 bfd-echo
3868 diameter/
4190 sieve/
4369 epmd
4460 ntske/
4500 ipsec-nat-t
4739 ipfix
4789 /vxlan
4791 /roce
4840 opcua-tcp/opcua-udp
4949 munin
5004 avt-profile-1
5005 avt-profile-2
5060 sip
5061 sips
5222 xmpp-client/
5246 /capwap-control
5247 /capwap-data
5269 xmpp-server/
5349 stuns
5351 /pcp
5353 mdns
5355 llmnr
5357 wsdapi
5432 postgresql
5540 matter
5666 nrpe/
5671 amqps
5672 amqp
5683 coap
5684 coaps
5900 rfb
5984 couchdb
5985 wsman
5986 wsmans
6080 /gue
6081 /geneve
6343 sflow
6379 redis/
6514 syslog-tls
6556 checkmk-agent/
6640 ovsdb/
6653 openflow
6697 ircs-u/
7547 cwmp
7680 ms-do
8009 nvme-disc/
8080 http-alt
8140 puppet/
8554 rtsp-alt
8610 canon-mfnp
8883 secure-mqtt
9100 hp-pdl-datastr
9418 git
9618 condor
10000 ndmp
10050 zabbix-agent
10051 zabbix-trapper
10809 nbd/
11211 memcache
11371 hkp
16992 amt-soap-http
16993 amt-soap-https
17500 db-lsp/db-lsp-disc
20000 dnp
27017 mongodb/
32400 plex/
33434 traceroute
34964 profinet-cm
44818 EtherNet-IP-2
47001 winrm/
47808 bacnet
`
