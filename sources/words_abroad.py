"""What columns are called in more languages that are written, or exported, with Latin letters: folded, without spaces.

Turkish, Polish, Czech, Slovak, Hungarian, Romanian, Croatian and Serbian, Indonesian, Vietnamese, Swedish, Danish,
Norwegian, Finnish, Dutch, and transliterated Greek, Russian, Ukrainian, Hindi, Arabic and Hebrew. `vocabulary` holds
the most usual words of all.
"""

NAMES = {
    "person.first_name": (
        "adi isim isimadi jmeno meno kerestnev utonev keresztneve prenume ime imeto onoma imya imia voornamen "
        "tennguoi namadepan fornamne etunimet kutsumanimi pranam shemprati namealaqab fnamn fornamnet"
        " vardas vards eesnimi"
    ),
    "person.last_name": (
        "soyadi soyisim soyismi priezvisko numedefamilie prezime eponymo eponimo familia prizvyshche namabelakang "
        "slaektsnavn slektsnavn enamn efternamnet sukunimet upanam shemmishpacha vezetek tenho nachn"
        " pavarde uzvards perekonnanimi perenimi"
    ),
    "person.middle_name": (
        "ikinciad ikinciadi drugieimie otchestvo pobatkovi tendem patronymic srednoime tussenvoegsels"
    ),
    "person.full_name": (
        "adisoyadi advesoyad advesoyadi isimsoyisim tamad tamadi imieinazwisko nazwiskoimie nazwiskoiimie celejmeno "
        "jmenoprijmeni prijmenijmeno menoapriezvisko nev neve teljesneve nume numeprenume numesiprenume numecomplet "
        "imeiprezime onomateponymo onomatepwnymo fullname nama namalengkap namapelanggan namanasabah namatamu "
        "namapasien namasiswa tenkh tenkhach tennguoinhan chutaikhoan chuthe fulltnamn fornamnefternamn "
        "etunimisukunimi sukunimietunimi nimitiedot nomprenoms nomsprenoms voorenachternaam "
        "naamklant pib namasaya fullnm naam1 hamkari ismkamil poornanaam purnanaam nombreapellido "
        "apellidoynombre apellidonombre nominativocliente cognomenome nomeintero nomecompletocliente"
        " vardaspavarde vardasirpavarde vardsuzvards vardsunuzvards fulllegalname legalfullname"
    ),
    "person.birth_date": (
        "dogumtar dtarihi dogtar dogtarih dogumgunu dataur dataurodz szulido szuldatum szuldat szulideje "
        "szuletesideje szuletesinap datanasterii datanastere nasterii datumnarozenia datumnar datnar narozenia "
        "datumrodjenja datumrodenja hmerominiagennisis imerominiagennisis tgllahir tanggallahir lahir ngsinh "
        "ngaythangnamsinh syntaika syntpvm syntymapvm syntymapaiva fdato foddato fodelsedatum fodd foddatum "
        "fodelsedat gebdatum gebd gebdtm datarojdeniya datanarodzhennya janmtithi janmdin tarikhmilad tarichleida "
        "birthdt fechnac fechanacto fnacim fecnacim datnaiss datenaiss dtnaiss dtnaissance dtnascimento datanasc "
        "geborenam gbdat gebdatum"
        " gimimodata gimimas dzimsanasdatums dzimsana sunniaeg sunnikuupaev brthdt brthdate"
    ),
    "person.gender": ("cinsiyeti neme sexul pohlavie spol fylo jeniskelamin kelamin jins lytis dzimums sugu"),
    "contact.email": (
        "epostaadresi eposta mailadresi emailcim emailcime adresaemail surel alamatemail alamatsurel spostitse "
        "sahkopostiosoite emailul epostaadress mejl mejladress mailadr emailadr emladdr elposhta dienthu"
        " elpastas epasts epost"
    ),
    "contact.phone": (
        "gsm gsmno gsmtel gsmnumber gsmnumarasi ceptel cepno ceptelefon ceptelno telefonnumarasi telno tlfno tel1 "
        "telkontaktowy telefonkontaktowy telkom telkomorkowy nrtelefonu numertelefonu komorka mobilnitelefon "
        "mobilcislo mobilnicislo telcislo telefonszama telefonszam mobilszam mobiltelefonszam nrtelefon telefonmobil "
        "numardetelefon brojtelefona telefonbroj kinito tilefono thlefwno nohp hp notelp notelepon telepon nomorhp "
        "nomortelepon nomorponsel ponsel sodt didong matkapuh matkapuhelin kannykka gsmnumero mobiltlf "
        "mobiltelefonnummer telefonmobilny mobitel mobtel mobiletel telmob telmobil telmobile telcel telefonocelular "
        "telefonomovil gsmnr gsmnummer mobieltelefoonnummer phonemob phonecell celnumber celularnumero hatvong "
        "telefontahvil jawwal jawal sdtkh mobnr mobileph puh puhnro tfno tfn fone ntel telm telem recapito "
        "recapitotelefonico rectelefonico telefonico hatno hatnumarasi callerid callingnumber anumber callernumber"
        " telnr talrunis talrunanr telefoninr mobiilinumber"
    ),
    "address.line": (
        "acikadres tamadres adress hemadress ulicecp verbrauchsstelle lieferstelle abnahmestelle adresi evadresi sokak "
        "cadde "
        "adreszamieszkania adreskorespondencyjny utca cim cime lakcim lakcime adresa strada ulicacislo ulicaicislo "
        "odos dieuthinsi diefthynsi alamat alamatlengkap jalan jl diachinha osoite lahiosoite kotiosoite katu gatuadr "
        "gateadr veiadresse boligadresse besoksadresse pata straathuisnummer strnr strhnr domicil adrese adresaulice"
        " adresas adrese aadress gatve tanav"
    ),
    "address.city": (
        "lakhely lakohely miejscezamieszkania miejscezam sehri sehiradi ilcesehir miejsc miastozam obec mestoobec "
        "telepules helyseg oras orasul localitate grad mjesto poli kota kotakab thanhphotinh paikkakunta "
        "postitoimipaikka postort bostadsort by bysted stadsnamn hemort sted bynavn shahar nagar plaatsnaam woonpl "
        "ortschaft localite villeres cittadiresidenza comuneresidenza ciudadresidencia localitat misto madina"
        " miestas pilseta linn asula"
    ),
    "address.postcode": (
        "postakod pkodu kodp kodpoczt irsz iranyitosz codpostal codulpostal postanskibroj postbroj tk "
        "taxydromikoskodikas kodepos kdpos mabuuchinh postnro postnumero postinro postnumret poststalle mikud pinkod "
        "poststed_nr plznr pocztowy"
        " pastokodas pastaindekss postiindeks sihtnumber"
    ),
    "address.region": (
        "ili wojew woj megye judet judetul zupanija nomos propinsi provinsi tinh maakunta fylke landskap "
        "bundesl kreis rajya mintaqa"
    ),
    "organization.name": (
        "firmaadi sirketadi sirketunvani nazwafirmy cegnev cegneve nazevfirmy spolecnost numefirma firmanavn "
        "firmanamn yrityksennimi etaireia perusahaan namaperusahaan tencongty congty bedrijfnaam"
    ),
}
"""By meaning, as `vocabulary.NAMES`."""

COUNTRIES = (
    "ulkesi panstwo krajzamieszkania zeme orszag tara drzava krajina chora xora negara quocgia nuoc kotimaa landet"
)
NATIONALITIES = (
    "nationality citizenship citizen uyruk uyrugu vatandaslik narodowosc obywatelstwo narodnost obcanstvo "
    "statniprislusnost allampolgarsag nemzetiseg nationalitate cetatenie nationaliteit nationalitat nationalitaet "
    "staatsangehorigkeit staatsburgerschaft nationalite nazionalita cittadinanza nacionalidad ciudadania "
    "nacionalidade cidadania kewarganegaraan warganegara quoctich kansalaisuus nationalitet medborgarskap "
    "statsborgerskap jinsiya ithnikotita grazhdanstvo hromadyanstvo rashtriyata drzavljanstvo"
)
"""Who somebody is a citizen of: a country, where no address tells one."""

IDS = {
    "customer": (
        "musterino musterinumarasi musteriid musterikodu nrklienta numerklienta idklienta kodklienta cisloklienta "
        "idzakaznika kodzakaznika ugyfelszam ugyfelkod ugyfelazonosito vevokod vevoszam codclient nrclient idclient "
        "idpelanggan nopelanggan kodepelanggan asiakasnro asiakastunnus kundnr klantcode klantid relatienummer "
        "kdnummer kdnr kundennum studentnummer studentnr studentennummer leerlingnummer"
    ),
    "member": (
        "uyeno uyenumarasi uyeid nrczlonkowski numerczlonkowski cisloclena tagszam tagsagiszam nrmembru nomember "
        "noanggota nomoranggota jasennumero jasennro medlemsnummer medlemsnr medlemid lidnummer lidnr"
    ),
    "loyalty_card": (
        "kartno kartnumarasi sadakatkartno kartasadakat nrkartylojalnosciowej cislokarty kartyaszam torzskartyaszam "
        "nrcard numarcard nokartu nomorkartu kantaasiakasnumero kundkortsnummer kundekortnr ffno ffnumber ffn ffp "
        "ffpno ffpnumber frequentflyerno viajerofrecuente passageirofrequente voyageurfrequent frequentflyerid "
        "frequentflyer frequenttravellernumber vielfliegernr vielfliegernummer vielfliegerkarte bonuskort bonusnr "
        "bonusnummer milesno milesnumber numerofidelite nofidelite numfidelite numcarte numtarjeta nrtarjeta "
        "numtessera kaartnr sothe rewardno pointscard clubcard clubcardno loyaltyno loyaltynr"
    ),
    "national_id": (
        "tckno tckimlik tcno tckimliknumarasi kimliknumarasi pasaportno pasaport nrpaszportu nrdowodu dowodosobisty "
        "rodcislo rodnecislo cisloop cislopasu tajszam tajszama adoazonosito szemelyiszam utlevelszam "
        "codnumericpersonal jmbg amka arithmostaftotitas noktp nomorktp nopaspor cccdso henkilotunnus hetu fodselsnr "
        "personnr cprnr cpr bsnnr passnr passno passinumero teudatzehut aadharno pancard"
        " asmenskodas personaskods isikukood"
    ),
    "policy": (
        "policeno policenumarasi nrumowy numerumowy cislosmlouvy cislopojistky smlouvacislo kotvenyszam szerzodesszam "
        "nrpolita numarpolita nrcontract numarcontract nopolis nomorpolis sohopdong vakuutusnumero vakuutusnro "
        "forsikringsnummer forsakringsnummer polisenr poliseno kontraktnr kontraktnummer avtalenr numpoliza "
        "numcontrato numerocontrato nocontrato numcontrat"
    ),
    "account": (
        "accountno accountnumber accountnr acctno acctnumber acctnum acctnbr accno accnumber accnum bankaccount "
        "bankaccountno bankaccountnumber billingaccount billingaccountnumber hesapno hesapnumarasi nrkonta "
        "numerkonta nrrachunku numerrachunku cislouctu szamlaszam bankszamlaszam nrcont numarcont norekening "
        "nomorrekening sotaikhoan kontonummer kontonr kundenkonto kundenkontonummer vertragskonto vertragskontonummer "
        "numerodecompte numerocompte numcompte nocompte numerodecuenta numerocuenta numcuenta nrocuenta nocuenta "
        "numeroconto numconto nconto numerodaconta numeroconta nrconta rekeningnummer reknr rekeningnr tilinumero"
    ),
    "student": (
        "ogrencino ogrencinumarasi okulno nrlegitymacji nrindeksu numerindeksu cislostudenta neptunkod diakazonosito "
        "nrmatricol nisn masinhvien masv mssv opiskelijanumero"
    ),
    "patient": (
        "hastano dosyano protokolno nrpacjenta idpacjenta cislopacienta betegazonosito norekammedis mabenhnhan "
        "patientennr patientnr pasientnr potilasnumero patientnummer"
    ),
    "device": (
        "imei imeino imeinumber deviceuuid deviceguid deviceserial cihazid cihazno cihazkodu iddispositivo "
        "idurzadzenia geraeteid gerateid idappareil idperangkat devid installid installationid"
    ),
    "insurance": "taj sosyalguvenlikno nrubezpieczenia cislopojistence bpjs nobpjs kelatunnus",
}
"""By namespace, as `vocabulary.ID_WORDS`."""

MAYBE_IDS = {
    "account": "account acct hesap konto rachunek ucet szamla cont cuenta compte conta rekening tili",
    "device": "device cihaz urzadzenie zarizeni eszkoz dispozitiv dispositivo appareil gerat toestel perangkat laite",
    "loyalty_card": "kart karta karte card carte tarjeta tessera kaart kort kartya kartu cartao",
}
"""What may be numbered by it, or be told by its kind or model: the values decide."""

ROLES = (
    "supporter patron sponsor billto shipto soldto holder cardholder accountholder policyholder pax traveller "
    "traveler flier caller subscriber enrollee learner renter delegate registrant respondent borrower debtor payer "
    "donator benefactor lessee insurant insuree client shopper consumer recipient rider cardmember booker invitee "
    "addressee musteri sahip sahibi kartsahibi hesapsahibi uye yolcu ogrenci hasta abone misafir konuk bagisci "
    "katilimci sigortali alici kullanici kiraci uczen uczennica pasazer pacjent abonent gosc darczynca uczestnik "
    "ubezpieczony ubezpieczajacy wlasciciel posiadacz posiadaczkarty kupujacy odbiorca zamawiajacy czlonek najemca "
    "zakaznik pacient pojistnik pojisteny cestujici student ucastnik darce odberatel drzitel drzitelkarty majitel "
    "clen zak zakaznicka vevo ugyfel beteg utas tanulo diak vendeg elofizeto biztositott szerzodo adomanyozo "
    "resztvevo kartyabirtokos szamlatulajdonos pasager elev oaspete abonat asigurat titular titularcont participant "
    "kupac korisnik putnik ucenik gost pelatis pelaths pelanggan nasabah penumpang siswa pasien tamu peserta "
    "pemegangkartu pemilik khach khachhang hanhkhach benhnhan hocsinh hocvien chuthe asiakas potilas matkustaja "
    "oppilas opiskelija vieras tilaaja lahjoittaja osallistuja vakuutettu vakuutuksenottaja kortinhaltija jasen kund "
    "resenar passagerare gast prenumerant givare deltagare forsakringstagare kortinnehavare innehavare medlem kunde "
    "reisende passasjer gjest abonnent giver bidragsyter deltaker deltager forsikringstaker forsikringstager "
    "kortholder kontohaver klant reiziger leerling abonnee verzekerde verzekeringnemer rekeninghouder kaarthouder "
    "deelnemer gever huurder reisender fluggast fahrgast passagier karteninhaber kontoinhaber anschlussinhaber "
    "vertragspartner besteller kaufer empfanger mieter schulerin versicherte spenderin auftraggeber voyageur passager "
    "eleve titulaire titulairecompte souscripteur assure donateur locataire acheteur adherent destinataire hote "
    "viajero pasajero titularcuenta tomador asegurado donante inquilino comprador huesped socio afiliado viaggiatore "
    "passeggero intestatario contraente assicurato donatore acquirente ospite alunno alunna socia abbonato viajante "
    "passageiro segurado doador hospede assinante titularconta zakazchik klient pokupatel passazhir uchenik patsient "
    "zhertvovatel grahak yatri mariz"
)
"""Who the customer is, by what they do: a column of this name alone holds whole names, where its values do."""

ROLE_OF = (
    "account card policy line linea contract lead main booking ticket hesap kart rachunku karty konta uctu cuenta "
    "tarjeta compte carte conto conta linii poliza polizza"
)
"""What a holder holds: `account_holder`, `titular_linea`."""

OTHER_PEOPLE = (
    "guardian author writer composer artist designer director performer singer speaker trainer instructor teacher "
    "tutor doctor physician therapist nurse surgeon dentist driver operator adjuster broker assessor advisor adviser "
    "consultant coach technician courier rep representative officer clerk cashier approver reviewer assignee reporter "
    "creator created updated modified approved assigned memory memoriam kin honor honour captain pilot witness "
    "guarantor landlord breeder pet opiekun rodzic rodzica matka matki ojciec ojca nauczyciel lekarz doradca "
    "sprzedawca kierowca anyja anyjaneve apja szulo gondviselo orvos tanar ugynok matky otce rodic ucitel lekar "
    "makler prodejce veli anneadi babaadi annesi babasi ogretmen doktor danisman satici temsilci mutter vater eltern "
    "erziehungsberechtigter erziehungsberechtigte ehepartner ehegatte berater betreuer sachbearbeiter verkaufer "
    "vertreter arzt lehrer mitarbeiter mere pere conjoint tuteur vendeur conseiller medecin professeur enseignant "
    "madre padre conyuge vendedor agente asesor medico profesor docente venditore consulente insegnante coniuge mae "
    "pai conjuge responsavel consultor professor moeder vader ouder voogd verkoper arts leraar forelder foralder "
    "vardnadshavare laerer larare opettaja laakari huoltaja saljare selger mama tata invatator ibu ayah wali guru "
    "dokter"
)
"""More people than the customer, who may be named in a row."""

OWNERS = (
    "pt contacto contato contatto kontakt kontaktowy kontaktni kapcsolat iletisim ikamet ev zamieszkania zameldowania "
    "domowy sluzbowy prywatny bydliste trvale osobny lakhely hjemme hem koti prive residenza residencia residence "
    "correspondence korespondencyjny thuong tru lienhe cliente klienta cliento entrega envio consegna bostad arbete "
    "arbejde bolig thuis werk"
)
"""Whose, or which of several: as `vocabulary.OWNERS`."""

BIRTH = (
    "birth born geburt geburts geburtsort naissance nacimiento nascita nascimento geboorte urodzenia narozeni "
    "narodzenia szuletesi szuletes nasterii dogum fodelse fodsel fodsels syntyma rodjenja lahir sinh"
)
"""The country of a birth is not where somebody lives."""

PREFIXES = (
    "kunden kunde klant kund asiakkaan asiakas ugyfel vevo liefer lieferungs rechnungs versand privat mitglieds "
    "mitglied patienten schuler gast lever bezorg factuur faktura leverans leverings medlems szallitasi szamlazasi "
    "toimitus laskutus empfanger besteller"
)
"""With what languages that join words say whose something is: Lieferort, klantnaam."""
