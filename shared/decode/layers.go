package decode

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tracelens/shared/frame"
)

// Layers that gopacket has no number for. Its own end below 150.
const (
	typeNull gopacket.LayerType = iota + 160
	typeRaw
	typeCiscoHDLC
	typeLinuxCookedV2
	typePPPHDLC
	typePPPDirection
	typePrism
	typeERF
	typeLLC // gopacket has one, but not for packets that are cut to a length
	typeERSPAN2
	typeERSPAN3
	typeAH
	typeTeredo
	typeL2TP
	typeLISP
	typePBB
	typeFabricPath
	typePIM
	typeIP // version 4 or 6, by its first bits
)

// firstLayer is what a frame of a link type begins with.
var firstLayer = map[frame.LinkType]gopacket.LayerType{
	frame.Null:          typeNull,
	frame.Loop:          typeNull,
	frame.Ethernet:      layers.LayerTypeEthernet,
	frame.PPP:           typePPPHDLC,
	frame.PPPHDLC:       typePPPHDLC,
	frame.PPPDirection:  typePPPDirection,
	frame.PPPoE:         layers.LayerTypePPPoE,
	frame.Raw:           typeRaw,
	frame.RawDLT:        typeRaw,
	frame.RawOpenBSD:    typeRaw,
	frame.IPv4:          typeIP,
	frame.IPv6:          typeIP,
	frame.CiscoHDLC:     typeCiscoHDLC,
	frame.LinuxCooked:   layers.LayerTypeLinuxSLL,
	frame.LinuxCookedV2: typeLinuxCookedV2,
	frame.WiFi:          layers.LayerTypeDot11,
	frame.WiFiRadiotap:  layers.LayerTypeRadioTap,
	frame.WiFiPrism:     typePrism,
	frame.ERF:           typeERF,
}

// headers are the layers that are followed.
var headers = map[gopacket.LayerType]header{
	layers.LayerTypeEthernet: ethernet,
	layers.LayerTypeDot1Q:    vlan,
	typePBB:                  pbb,
	typeFabricPath:           fabricPath,
	typeLLC:                  llc,
	typeNull:                 null,
	typeRaw:                  raw,
	typeCiscoHDLC:            ciscoHDLC,
	layers.LayerTypeLinuxSLL: linuxCooked,
	typeLinuxCookedV2:        linuxCookedV2,
	layers.LayerTypePPP:      ppp,
	typePPPHDLC:              pppHDLC,
	typePPPDirection:         pppDirection,
	layers.LayerTypePPPoE:    pppoe,
	layers.LayerTypeMPLS:     mpls,
	layers.LayerTypeDot11:    wifi,
	layers.LayerTypeRadioTap: radiotap,
	typePrism:                prism,
	typeERF:                  erf,

	typeIP:                       ip,
	layers.LayerTypeIPv4:         ipv4,
	layers.LayerTypeIPv6:         ipv6,
	layers.LayerTypeIPv6HopByHop: ipv6Options,
	layers.LayerTypeIPv6Fragment: ipv6Fragment,
	typeAH:                       authentication,
	layers.LayerTypeICMPv4:       icmpv4,
	layers.LayerTypeICMPv6:       icmpv6,
	layers.LayerTypeTCP:          tcp,
	layers.LayerTypeUDP:          udp,
	layers.LayerTypeGRE:          gre,
	typeERSPAN2:                  erspan2,
	typeERSPAN3:                  erspan3,
	layers.LayerTypeEtherIP:      etherIP,
	typePIM:                      pim,
	layers.LayerTypeVXLAN:        vxlan,
	layers.LayerTypeGeneve:       geneve,
	layers.LayerTypeGTPv1U:       gtp,
	typeTeredo:                   teredo,
	typeL2TP:                     l2tp,
	typeLISP:                     lisp,
}

// byEtherType is what follows an Ethernet type, stop where no address can.
func byEtherType(t uint16) gopacket.LayerType {
	switch t {
	case 0x0800:
		return typeIP
	case 0x86dd:
		return layers.LayerTypeIPv6
	case 0x8100, 0x88a8, 0x9100:
		return layers.LayerTypeDot1Q
	case 0x8864:
		return layers.LayerTypePPPoE
	case 0x8847, 0x8848:
		return layers.LayerTypeMPLS
	case 0x880b:
		return layers.LayerTypePPP
	case 0x88e7:
		return typePBB
	case 0x8903:
		return typeFabricPath
	case 0x6558:
		return layers.LayerTypeEthernet
	}
	return stop
}

// byProtocol is what follows an IP protocol number, stop where neither ports nor further addresses can.
var byProtocol = [256]gopacket.LayerType{
	0:   layers.LayerTypeIPv6HopByHop,
	1:   layers.LayerTypeICMPv4,
	4:   typeIP,
	6:   layers.LayerTypeTCP,
	17:  layers.LayerTypeUDP,
	41:  layers.LayerTypeIPv6,
	43:  layers.LayerTypeIPv6HopByHop, // routing: laid out alike
	44:  layers.LayerTypeIPv6Fragment,
	47:  layers.LayerTypeGRE,
	51:  typeAH,
	58:  layers.LayerTypeICMPv6,
	60:  layers.LayerTypeIPv6HopByHop, // destination options
	97:  layers.LayerTypeEtherIP,
	103: typePIM,
	135: layers.LayerTypeIPv6HopByHop, // mobility
	136: layers.LayerTypeUDP,          // UDP-Lite has UDP's ports, in tshark's fields too
	137: layers.LayerTypeMPLS,
}
