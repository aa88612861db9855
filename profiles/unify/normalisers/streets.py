"""Words of addresses in short form, folded."""

from profiles.unify.values.words import groups

UNIT, FLOOR, BUILDING = "apt", "fl", "no"

# A box at a post office, folded.
POST_BOX = (
    r"\b(?:g?p ?o ?box|post(?:fach| office box|bus|boks|box)|casella postale|boite postale|caixa postal"
    r"|(?:apartado|apdo)(?: de correos| postal)?)\b"
)

WORDS = groups(
    """
    st: street strt str stret strasse straat ulice
    ave: avenue av aven avenida avda avd avenu
    rd: road
    dr: drive drv
    ln: lane
    ct: court crt
    pl: place plaza plz pza piazza plac platz plats praca
    sq: square
    blvd: boulevard boul bd bvd bulevar bulvar bulvari
    cir: circuit circle cct crcl
    cres: crescent cr
    ter: terrace tce
    pkwy: parkway pky
    hwy: highway
    way: wy
    cl: close
    gr: grove gve
    apt: apartment unit flat suite ste wohnung app appartement appt apto appartamento depto departamento dpto
    apt: lgh daire kv kvartira mieszkanie lok phong can
    apt: whg wng bte ap
    fl: floor etage piso og obergeschoss stockwerk stock etg verdieping verd emelet
    trl: trail
    aly: alley
    xing: crossing
    expy: expressway
    fwy: freeway
    hts: heights
    jct: junction
    rdg: ridge
    rte: route rt
    bldg: building
    chee: chaussee
    fbg: faubourg fg
    rue: rua ru
    trav: travessa tv
    estr: estrada
    largo: lgo
    os: osiedle
    nam: namesti
    vej: vejen
    vagen: vag
    n: north
    s: south
    e: east
    w: west
    ne: northeast
    nw: northwest
    se: southeast
    sw: southwest
    pde: parade
    esp: esplanade
    no: number nr num d dom bud budynok numero
    mt: mount
    saint: sankt
    ul: ulitsa ulica vul vulytsya vulytsia
    pr: prospekt prosp prospect
    per: pereulok provulok
    al: aleja aleje allee alee alameda
    viale: vle
    corso: cso
    che: chemin ch
    imp: impasse
    cad: caddesi cadde cd
    sok: sokak sokagi sk
    mah: mahallesi mahalle
    thnn: thanon
    sxy: soi
    """
)
