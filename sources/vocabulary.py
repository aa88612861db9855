"""What columns are called: folded, without spaces and punctuation.

English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish, Norwegian, Finnish, Czech,
Hungarian, Turkish, and transliterated Russian, Chinese and Japanese as common exports write them. What is written with
other letters is in `native_words`, more words of less usual kinds and languages are in `words_abroad`.
"""

from core.text import fold
from sources import words_abroad


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _with(known: dict[str, frozenset[str]], more: dict[str, str]) -> dict[str, frozenset[str]]:
    return {kind: known.get(kind, frozenset()) | _words(more.get(kind, "")) for kind in {**known, **more}}


_NAMES = {
    "person.first_name": _words(
        "firstname fname givenname given forename vorname prenom nombre nombres primernombre nome nomeproprio "
        "primeironome voornaam imie fornamn ad imya first christianname namefirst mingzi ming rufname "
        "firstnames givennames forenames tilltalsnamn primonome fornavn etunimi krestnijmeno keresztnev utonev"
    ),
    "person.last_name": _words(
        "lastname lname surname sname familyname family nachname familienname zuname nomdefamille nomfamille "
        "apellido apellidos cognome sobrenome apelido achternaam nazwisko efternamn soyad familiya last "
        "secondname namelast xing secondsurname primerapellido ultimonome apelidos nomdenaissance "
        "segundoapellido efternavn etternavn sukunimi prijmeni vezeteknev csaladnev "
        "1erapellido 1oapellido 1apellido 2oapellido 2doapellido 2apellido "
        "nomdusage nomusage nomusuel nommarital"
    ),
    "person.middle_name": _words(
        "middlename mname middle middleinitial secondgivenname zweitername tussenvoegsel otchestvo mi midlname midname"
    ),
    "person.full_name": _words(
        "name fullname customername clientname contactname personname kundenname nomcomplet nombrecompleto "
        "nomecompleto nominativo displayname nom membername vollername volledigenaam naam namn adsoyad fio "
        "inhaber kontoinhaber vorundnachname vornamenachname nachnamevorname vollstandigername nometprenom "
        "prenometnom nomprenom nombreyapellidos apellidosynombre nombreapellidos nomeecognome cognomeenome "
        "nomecognome nomeesobrenome nomeeapelido karteninhaber halter titulaire titular intestatario xingming "
        "hovaten hoten tenkhachhang hotenkhachhang billingname shippingname buyername recipientname "
        "holdername cardholder cardholdername navn fuldenavn fulltnavn nimi kokonimi jmenoaprijmeni teljesnev"
    ),
    "person.birth_date": _words(
        "birthdate dateofbirth dob birthday bday birth born geburtsdatum geburtstag gebdatum gebdat gebtag "
        "datedenaissance datenaissance naissance fechadenacimiento fechanacimiento nacimiento datadinascita "
        "datanascita datadenascimento datanascimento nascimento geboortedatum dataurodzenia neele nele "
        "fnacimiento fnac fechanac natoil natail natoail geborenam gebam geboren geb geburtsdat geburt gebdate "
        "bdate birthdt birthday dateborn bornon nacido nacida nascido nascida geborenop urodzony "
        "urodzona fodd fodt fodselsdag fodelsedag syntynyt narozen narozena szuletett dogum dogumtarihi "
        "datarozhdeniya shengri chushengriqi ngaysinh fodselsdato fodselsdag syntymaaika datumnarozeni szuletesidatum "
        "ddn aniversario"
    ),
    "person.gender": _words(
        "gender gendercode sex geschlecht sexe genre sexo genero sesso genere geslacht plec kon cinsiyet pol xingbie "
        "gioitinh kjonn sukupuoli pohlavi"
    ),
    "contact.email": _words(
        "postaelettronica correioeletronico adresseelectronique email emailaddress mail mailaddress emailaddr "
        "eml emailid epost correo correoe correoelectronico courriel adresseemail indirizzoemail enderecoemail "
        "mailadresse emailadresse emailadres adremail eposta useremail contactemail loginemail personemail "
        "workemail homeemail emailprimary youxiang dianziyouxiang dianziyoujian thudientu diachiemail "
        "epostadresse epostadress sahkoposti"
    ),
    "contact.phone": _words(
        "handynr rufnummer mobilnr telportable numtelefono ntelefono phone phonenumber telephone tel telefon "
        "telefonnummer mobiel mobielnummer telephonenumber mobile mobilephone mobilenumber cell cellphone cellnumber "
        "handy handynummer mobil mobiltelefon mobilnummer telefono movil celular telemovel telefone portable "
        "numerodetelephone cellulare numeroditelefono telefoon telefoonnummer telefonkomorkowy ceptelefonu "
        "phoneno phonenr telno homephone workphone otherphone contactnumber msisdn whatsapp phonemobile "
        "phonehome dianhua shouji shoujihao shoujihaoma dienthoai sodienthoai sdt sodt didong telefonnr tlf tlfnr "
        "mobilnr puhelin puhelinnumero telefonnicislo telefonszam durchwahl callback callbacknumber ruckruf"
    ),
    "address.line": _words(
        "address address1 addressline addressline1 street streetaddress street1 streetname strasse str anschrift "
        "adresse straatnaam rue calle domicilio morada strassenr strassehausnr direccionpostal adressepostale "
        "rueetnumero adressecomplete direccion indirizzo via endereco rua logradouro straat adres ulica gata "
        "gatuadress addr addr1 addressstreet mailingstreet otherstreet strassehausnummer strasseundhausnummer "
        "adressestrasse dizhi diachi homeaddress fulladdress gade vej gateadresse katuosoite ulice line1"
    ),
    "address.number": _words(
        "housenumber housenum houseno housenbr housenr streetnumber streetno streetnum buildingnumber huisnummer "
        "huisnr hausnummer hausnr nrdomu numerdomu numerodevoie numvoie numerocivico civico numerocasa numerodecasa "
        "ncivico husnummer husnr talonumero cislopopisne cislodomu hazszam kapino"
    ),
    "address.city": _words(
        "city town suburb ort stadt wohnort ville ciudad localidad citta comune cidade municipio plaats stad "
        "miasto miejscowosc poblacion residenza sehir gorod mailingcity othercity locality addresscity "
        "towncity cityname chengshi thanhpho tinhtp tinhthanhpho tinhthanh commune "
        "poststed bynavn kaupunki mesto varos"
    ),
    "address.postcode": _words(
        "postcode zip zipcode postalcode plz postleitzahl codepostal codigopostal cp cap codicepostale cep "
        "postnummer kodpocztowy postakodu indeks pincode mailingpostalcode mailingzip addresszip postal "
        "zippostalcode youbian postkode postcode1 eircode postnr postinumero psc iranyitoszam"
    ),
    "address.region": _words(
        "state region province stateprovince county bundesland departement provincia regione estado uf "
        "wojewodztwo lan il oblast mailingstate otherstate addressstate provincecode statecode regioncode "
        "stateorprovince regio provincename shengfen distrito comunidadautonoma comunidad concelho prefecture "
        "kanton canton"
    ),
    "address.country": _words(
        "country countrycode countryname land pays pais paese nazione kraj ulke strana staat nazionalita "
        "nationalite staatsangehorigkeit mailingcountry othercountry addresscountry countryregion guojia "
        "landcode nation maa zeme orszag"
    ),
    "organization.name": _words(
        "company companyname organization organisation organizationname organisationname firma firmenname "
        "entreprise societe empresa azienda ragionesociale bedrijf bedrijfsnaam foretag sirket kompaniya "
        "accountname employer raisonsociale razonsocial razaosocial denominazione arbeitgeber unternehmen "
        "business businessname gongsi virksomhed yritys org companyorg organisationcompany"
    ),
}
_ID_WORDS = {
    "customer": _words(
        "customerid custid customernumber customerno custno customercode clientid clientnumber kundennummer "
        "kundennr kunnr kundenid makh makhachhang kehubianhao kehuhao kdnr numeroclient idcliente codigocliente "
        "codicecliente klantnummer klantnr userid shopcustomerid contactid clientreference customerref "
        "schulernummer schuelernummer abonnentennummer abonnentennr "
        "customerreference kundenr kundeid kundenummer kundnr kundnummer asiakasnumero cislozakaznika"
    ),
    "loyalty_card": _words(
        "loyaltycard loyaltyid loyaltycardid loyaltycardnumber loyaltynumber cardnumber cardno cardid "
        "kartennummer kundenkarte kundenkartennummer clubnumber rewardsnumber bonuscard cartefidelite "
        "numerotarjeta frequentflyernumber nrkarty numerkarty karta kartaklienta numcartao numerocartao "
        "cartaofidelidade numerotessera cartafedelta klantenkaart klantenkaartnummer kaartnummer kortnummer"
    ),
    "member": _words(
        "memberid membernumber membershipid membershipnumber memberno membershipno mitgliedsnummer "
        "mitgliedsnr mitgliednr mitgliedsid mitgliednummer huiyuanbianhao huiyuanhao huiyuanid mahoivien"
    ),
    "national_id": _words(
        "ssn socsecid ssno ssnno ssnnumber socialsecuritynumber socialsecurityno socialsecurityid socialsecurity "
        "socialinsurancenumber nationalid nationalidnumber nationalidno nationalidentitynumber "
        "nationalidentificationnumber nationalinsurancenumber nationalinsuranceno nationalinsurance nino nin "
        "taxid taxidnumber taxnumber tin itin citizenid idcardnumber idcardno identitycardnumber identitynumber "
        "passport passportnumber passportno passportid reisepass reisepassnummer reisepassnr ausweisnummer "
        "ausweisnr personalausweis personalausweisnummer passnummer passeport numeropasseport numerodepasseport "
        "pasaporte numeropasaporte numerodepasaporte passaporto numeropassaporto passaporte numerodopassaporte "
        "paspoort paspoortnummer paszport "
        "steuerid steueridnr steueridnummer steuernummer steueridentifikationsnummer sozialversicherungsnummer "
        "svnummer svnr ahvnummer ahvnr personalnummer personnummer personnr personnumber fodselsnummer cprnummer "
        "cprnr henkilotunnus dni nie nif dninie nifnie numerodni numerodedni curp rut rfc cedula numerocedula "
        "cedulaciudadania cpf numerocpf nocpf cpfcnpj codicefiscale codfiscale codfisc pesel nrpesel "
        "numerpesel bsn bsnnummer burgerservicenummer rijksregisternummer insz rodnecislo oib egn cnp tckimlikno "
        "tckn kimlikno numerodesecuritesociale numerosecuritesociale securitesociale numsecu nir aadhaar aadhar "
        "aadhaarnumber aadhaarno pannumber panno snils shenfenzheng shenfenzhenghao shenfenzhenghaoma cccd cmnd "
        "socccd socmnd nric nricno fin finno icno icnumber mykad iqama iqamano emiratesid civilid qatarid ghanacard "
        "iddocument iddocumentno iddocno iddocumentnumber identitydocument identitydocumentno "
        "personalid personalidno personalidentificationnumber personalidnumber residentid citizenno "
        "nationalno nationalnumber nik noktp nomorktp nomorindukkependudukan"
    ),
    "insurance": _words(
        "insuranceno insurancenumber insuranceid insurednumber insuredno nhsno nhsnumber nhsid medicareno "
        "medicarenumber medicareid medicaidid healthinsuranceno healthinsurancenumber healthcardno healthcardnumber "
        "versichertennummer versichertennr krankenversichertennummer kvnr krankenkassennummer "
        "numeroassurance tesserasanitaria"
    ),
    "policy": _words(
        "policyno policynumber policyid policynr vsnr versnr versicherungsscheinnummer versicherungsnummer "
        "vertragsnr vertragsnummer polizzennummer policennummer policennr contractno contractnumber "
        "contractid numerocontrat "
        "nocontrat numeropoliza numpoliza nopoliza poliza numerodepoliza polizza numeropolizza apolice numeroapolice "
        "polisnummer polisnr nrpolisy"
    ),
    "student": _words(
        "matricno matricnumber matriculationnumber matriculationno matrikelnummer matrikelnr matnr nralbumu"
    ),
    "patient": _words("mrn medicalrecordnumber medicalrecordno hospitalno hospitalnumber patientenummer"),
    "iban": _words("iban ibannumber ibannr"),
    "device": _words("deviceid deviceidentifier idfa gaid advertisingid androidid adid idfv"),
    "cookie": _words("cookieid cookie visitorid anonymousid anonid clientcookie sessioncookie gaclientid browserid"),
}
NAMES = _with(
    _NAMES, words_abroad.NAMES | {"address.country": f"{words_abroad.COUNTRIES} {words_abroad.NATIONALITIES}"}
)
ID_WORDS = _with(_ID_WORDS, words_abroad.IDS)
BIRTH = _words(words_abroad.BIRTH)
NATIONALITIES = _words(words_abroad.NATIONALITIES)
MAYBE_IDS = {word: kind for kind, words in words_abroad.MAYBE_IDS.items() for word in words.split()}

ID_OF_ONE_SOURCE = frozenset({"customer", "member", "patient"})

DOCUMENTS = _words(
    "docno docnumber docnum docid documentno documentnumber documentid pin pinno dokumentnr dokumentnummer "
    "numerodocumento numerodedocumento documento nrodocumento nrodoc numdoc numerodoc doc"
)
"""A person's own, or any paper's: what stands beside them tells."""

BESIDE_ADDRESSES = {
    "address.city": _words("place lieu lugar luogo hely sted"),
    "address.number": _words("dom house nr hnr n"),
    "address.postcode": _words("pin pinno"),
    "address.region": _words("st ste"),
}
"""What names that say little mean where the rest of an address stands beside them."""

LOCALITIES = _words(
    "village villagename villagetown gaon grampanchayat panchayat hamlet dorf desa kelurahan aldea povoado selo wies "
    "barangay kampung kampong"
)
"""What stands for the city where people live in none."""

CUSTOMERS = _words(
    "customer client cust cli clt kunde kunden cliente klant klient klienta kund guest patient subscriber person user "
    "buyer shopper donor passenger resident contact attendee participant visitor applicant besucher teilnehmer "
    "student pupil schuler schueler studierende abonnent abonnenten alumno alumna estudiante abonado paciente usuario "
    "aluno aluna utente eleve etudiant abonne studente paziente utilisateur ansprechpartner kontaktperson "
    "geschadigter geschaedigter versicherungsnehmer versicherter antragsteller insured policyholder claimant "
    "requester beneficiary spender gast mitglied kd mbr usr pers pac destinatario destinataria destinataire empfanger "
    "empfaenger ontvanger mottagare mottaker modtager"
) | _words(words_abroad.ROLES)
"""Who is numbered, in a name like `guest_id` and `cod_cli`."""

OWNERS = (
    CUSTOMERS
    | _words(words_abroad.OWNERS)
    | _words(
        "billing bill shipping ship member primary main default mailing home work business personal account the my to "
        "prim associated personnel persoonlijk personale personlig "
        "caller zentrale domicile owner your please enter full res residential current permanent invoice delivery "
        "livraison facturation lieferung rechnung recipient holder private privat prive perso pro fixe fixo fijo alt "
        "alternate secondary new profile profil profilo perfil profiel details detail info infos attributes attribute "
        "attrs properties props c location fields identity identite traits payload record demographics bio stammdaten "
        "personalien"
    )
)
"""Words that say whose something is, which of several, or in what it is kept (`profil.nom`, `traits.email`): nothing
new, for the whole row is the customer's."""

KINDS: dict[str, str] = {
    word: kind
    for kind, words in {
        "date": "date dt dte datum fecha fec dato day",
        "number": "number num nr no nbr nummer numero numer",
        "code": "code cd cod codigo codice kod kode",
        "id": "id ident",
        "name": "name nm nme nom nombre nome naam navn namn nimi nev neve nama nume",
        "any": "txt text value val field str string desc ds sg tp line ln data de di da do of and "
        "dd mm yy yyyy jjjj aaaa",
    }.items()
    for word in words.split()
}
"""Words for what kind of value a column has, as databases add them: `CITY_NM`, `nr_telefone`."""

SHORT = {
    word: whole
    for whole, words in {
        "name": "nm nme",
        "date": "dt dte",
        "number": "nbr num nr",
        "code": "cd cde",
        "phone": "ph phn",
        "mobile": "mob",
        "celular": "cel",
        "telefono": "tlf telf",
        "email": "smtp",
        "address": "addr adr",
        "line": "ln",
        "direccion": "dir",
        "indirizzo": "ind",
        "strasse": "stras",
        "ulica": "ul",
        "plz": "pstlz",
        "postal": "pstl",
        "poblacion": "pob",
        "provincia": "prov",
        "country": "ctry cntry",
        "city": "cty",
        "cognome": "cogn",
        "fecha": "fec",
        "nacimiento": "nac",
        "naissance": "naiss",
        "nascimento": "nasc",
        "dataurodzenia": "ur urodz",
        "birthdate": "birth",
    }.items()
    for word in words.split()
}
"""Short forms in names of columns."""

THINGS = _words(
    "details detail info infos attributes attribute attrs properties props fields payload record location "
    "locations site"
)
"""A name beside one of these is not a person's: `attribute_name`."""

OTHER_PEOPLE = _words(
    "seller vendor supplier agent employee manager salesperson referrer referred emergency parent mother "
    "father spouse maiden host product brand category campaign store shop file item event page domain sku "
    "variant plan channel utm lineitem discount tax payment opt optin subscribed verified confirmed "
    "consent status type count sent opened clicked bounced valid accepts marketing"
) | _words(words_abroad.OTHER_PEOPLE)
"""Words that say that a name or address is not the customer's own, or is not a name or address at all."""

PEOPLE = _words(
    "customer customers client clients member members people person persons contact contacts patient patients guest "
    "guests subscriber subscribers user users voter voters donor donors student students passenger passengers "
    "attendee attendees visitor visitors lead leads prospect prospects buyer buyers shopper shoppers resident "
    "residents employee employees kunde kunden mitglied mitglieder personen patienten gaste teilnehmer abonnenten "
    "kontakte interessenten besucher clientes clienti cliente soci socio socios membre membres miembro miembros "
    "membro membros utilisateurs abonnes adherents personnes contacti contatti contactos usuarios utenti pacientes "
    "pazienti huespedes klanten leden klienci klient czlonkowie kunder medlemmar medlemmer asiakkaat jasenet "
    "zakaznici musteriler uyeler kehu huiyuan khachhang"
)
"""Words for those of whom a table of this name tells."""

ROLES = CUSTOMERS | PEOPLE
ROLE_OF = ROLES | OWNERS | _words(words_abroad.ROLE_OF)
"""Of what words a column's name consists that is called after the customer's part in it."""

PREFIXES = tuple(words_abroad.PREFIXES.split())

COMPANIES = _words(
    "company companies organization organizations organisation organisations account accounts firm firms business "
    "businesses supplier suppliers vendor vendors restaurant restaurants hotel hotels venue venues school schools "
    "clubs clinics hospitals dealer dealers firma firmen unternehmen lieferanten entreprise entreprises societes "
    "empresa empresas azienda aziende bedrijven firmy firmer foretag yritykset"
)
"""Words for tables in which a name is that of a company or the like."""

NOT_A_PERSON = _words(
    "product products item items order orders line lines category categories store stores campaign "
    "campaigns plan plans event events brand brands tag tags sku variants articles artikel produkte "
    "produits productos segment segments coupon coupons shop shops"
)

LEGAL_FORMS = _words(
    "inc incorporated corp corporation ltd limited llc llp plc gmbh ggmbh kgaa ohg sarl srl spa sas sro doo bv nv sa "
    "as ag bvba sprl oyj aps pty pte bhd kft zrt ltda lda eirl"
)
"""Words with which hardly anything but names of companies ends; those of two letters only where dots stand in them."""

GENDERS = tuple(
    frozenset(pair.split())
    for pair in (
        "m f",
        "male female",
        "man woman",
        "h f",
        "mannlich weiblich",
        "homme femme",
        "hombre mujer",
        "uomo donna",
        "maschio femmina",
        "masculino femenino",
        "masculino feminino",
        "homem mulher",
        "nam nu",
        "kadin erkek",
        "laki-laki perempuan",
        "kobieta mezczyzna",
        "muz zena",
        "ferfi no",
        "barbat femeie",
        "mand kvinde",
        "mann kvinne",
        "man kvinna",
        "mies nainen",
        "mann frau",
        "man vrouw",
        "masculin feminin",
    )
) + tuple(
    frozenset(fold(word) for word in pair.split())
    for pair in (
        "男 女",
        "男性 女性",
        "ชาย หญิง",
        "муж жен",
        "муж. жен.",
        "м ж",
        "мужской женский",
        "ذكر أنثى",
        "남 여",
        "남성 여성",
        "чоловік жінка",
        "чоловіча жіноча",
        "мужчина женщина",
        "άνδρας γυναίκα",
        "זכר נקבה",
        "पुरुष महिला",
    )
)
"""What a column of genders holds, and nothing else, as `fold` writes it."""
