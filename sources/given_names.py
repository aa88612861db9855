"""The most usual given names of many countries, to tell whole names of people from names of all else by the values.

A few dozen for each language, folded as `core.text.fold` writes them. Words that are also things, colours, months or
famous cities are left out: Amber, April, Florence. Titles of cities (San Diego) are told by their first word.
"""

from core.text import fold

_NAMES = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald
steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond jack dennis jerry tyler
aaron jose adam nathan henry douglas zachary peter kyle noah ethan jeremy walter keith roger terry sean gerald carl
harold dylan arthur lawrence jesse bryan billy bruce gabriel joe logan alan juan elijah willie albert wayne randy
mason vincent liam roy bobby caleb bradley russell lucas oliver harry charlie oscar alfie theo simon graham stuart
nigel ian neil colin derek mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura
cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel
carolyn janet maria olivia heather helen catherine diane julie victoria joyce lauren kelly christina joan evelyn
judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia
frances jean alice judy isabella julia grace denise doris marilyn danielle beverly charlotte natalie theresa diana
brittany kayla alexis lori sophie chloe lucy ella fiona gemma hans klaus jurgen wolfgang helmut gerhard dieter uwe
horst gunter manfred stefan andreas matthias markus jan lukas leon felix jonas maximilian tobias sebastian florian
philipp moritz niklas fabian heinz karl werner bernd frank jens ursula monika petra sabine renate helga karin brigitte
ingrid erika christa gisela anja katrin claudia birgit heike lena mia hanna lea leonie johanna katharina susanne
martina silke ute angelika gabriele elke anke pierre michel philippe alain nicolas christophe laurent frederic julien
stephane pascal thierry olivier sebastien guillaume antoine francois jacques luc louis hugo jules raphael mathieu
maxime benoit marie nathalie isabelle sylvie francoise valerie monique sandrine celine veronique chantal aurelie
camille manon ines elodie emilie juliette pauline helene antonio manuel francisco javier carlos jesus alejandro miguel
rafael pedro pablo angel sergio fernando jorge luis alberto alvaro diego adrian raul ivan enrique ramon vicente andres
joaquin santiago eduardo victor roberto jaime carmen ana isabel dolores pilar josefa rosa cristina angeles antonia
lucia francisca mercedes marta elena luisa concepcion raquel rocio beatriz sonia irene paula silvia alba nuria yolanda
montserrat ximena guadalupe veronica eva giuseppe giovanni mario luigi francesco angelo vincenzo pietro salvatore
carlo franco domenico bruno paolo michele giorgio aldo luciano marco alessandro stefano luca matteo lorenzo davide
simone fabio riccardo giuseppina giovanna carmela caterina francesca antonietta chiara giulia federica alessia elisa
valentina paola giorgia ilaria serena beatrice joao paulo luiz marcos marcelo felipe rodrigo tiago rui nuno ricardo
diogo mateus gustavo vinicius thiago caio adriana juliana fernanda aline camila bruna leticia luciana vanessa mariana
gabriela rita carla catarina joana larissa helena johannes pieter cornelis hendrik willem dirk gerrit jeroen bas
sander daan sem thijs ruben bram maarten joost wouter anneke sanne lotte femke eline annemarie marieke marjolein
esther saskia wilma tess anouk fleur lars anders per erik johan nils mikael fredrik magnus bjorn gustav oskar axel
emil viktor henrik ola jon knut svein arne kjell terje geir morten ole soren niels jorgen henning rasmus mads mikkel
christoffer kristina kerstin malin jenny annika astrid inger kari liv solveig berit mette hanne kirsten lene pia
camilla ida freja signe marit randi silje hilde anne elin elsa matti timo juha mikko antti jari jukka mika markku
pekka hannu heikki petri sami marko janne ville eero tapio anneli kaarina marjatta liisa annikki tuula ritva leena
paivi sari tiina minna riikka aino eeva piotr krzysztof andrzej tomasz pawel michal marcin stanislaw jakub marek
lukasz grzegorz mateusz wojciech mariusz dariusz zbigniew jerzy maciej rafal kamil dawid jozef ryszard szymon kacper
bartosz artur przemyslaw katarzyna malgorzata agnieszka krystyna ewa elzbieta zofia magdalena joanna janina danuta
jadwiga aleksandra halina irena beata dorota jolanta grazyna iwona karolina natalia paulina urszula zuzanna jiri petr
josef pavel martin tomas jaroslav miroslav zdenek vaclav frantisek milan karel vladimir ondrej ladislav roman
stanislav radek antonin vojtech filip matej jana hana vera alena lenka katerina lucie ludmila marketa jitka veronika
zdenka jarmila michaela ivana jirina tereza zuzana marcela dagmar barbora adela kristyna eliska laszlo istvan jozsef
janos zoltan sandor gabor ferenc attila tamas zsolt tibor andras csaba imre lajos gyorgy balazs erzsebet katalin ilona
zsuzsanna margit judit agnes ildiko krisztina eszter nora reka ion gheorghe vasile constantin nicolae alexandru andrei
mihai cristian florin marian bogdan ionut radu vlad catalin sorin ioan dumitru cosmin razvan ioana mihaela andreea
alina simona raluca oana monica daniela ileana roxana anca giorgos yiorgos dimitris konstantinos kostas giannis nikos
christos panagiotis vasilis athanasios michalis evangelos spyros georgios ioannis nikolaos dimitrios stavros manolis
eleni aikaterini vasiliki sofia georgia dimitra ioanna konstantina evangelia angeliki despina anastasia aleksandr
aleksey alexey alexei sergey sergei andrey dmitriy dmitry mikhail nikolay evgeniy evgeny yuriy oleg igor maksim denis
anton artem konstantin vyacheslav kirill ilya boris mariya olga natalya tatyana irina svetlana ekaterina yuliya
anastasiya lyudmila galina nadezhda marina lyubov nina kseniya darya polina oksana viktoriya larisa yevgeniya
oleksandr mykola serhiy volodymyr andriy vasyl petro mykhaylo taras bohdan ihor dmytro oleh yevhen olena iryna
nataliya tetyana halyna solomiya khrystyna svitlana mehmet mustafa ahmet ali huseyin hasan ibrahim ismail osman yusuf
murat omer ramazan halil suleyman abdullah mahmut recep salih fatih kadir emre hakan kemal burak serkan cem okan
volkan onur baris tolga fatma ayse emine hatice zeynep elif meryem serife zehra sultan hanife merve zeliha esra ozlem
sevgi yasemin busra derya gulsum selin ebru gul pinar ceren mohamed mohammed muhammad mohammad mhmd ahmed ahmad
mahmoud mostafa khaled khalid hassan hussein omar youssef tariq abdul karim said bilal hamza imran faisal saad samir
walid nasser rashid fatima aisha mariam maryam khadija zainab amina layla leila nour huda samira salma yasmin rania
dina mona noura yosef moshe avraham yaakov yitzhak shlomo amit itai noam uri eitan yossi avi rahul rajesh sanjay vijay
suresh ramesh anil sunil ravi arjun rohit vikram ashok manoj deepak ajay arun raj priya anjali pooja neha sunita anita
kavita rekha meena lakshmi divya shreya sneha asha geeta budi agus andi dedi eko hendra rudi joko bambang slamet rizky
dian adi wahyu siti dewi sri nur putri ayu rina wati ratna indah yuni fitri lestari zoe amelie noemie anais eleonore
clemence elise bernard gilles yves bernadette hector ignacio belen begona renata noemi aurora viola mattia nicolo
ginevra gunther rudiger gotz kathe friederike ruth fyodor tatiana yulia maksym lyudmyla thao mai thuy hanh anh minh
linh lan hoa huong tuan dung hung thi van quang duc trang ngoc phuong le ly vu ho huynh nguyen tran pham hoang phan vo
dang bui do ngo duong wei fang jing min yang hui ling xiu hong hiroshi takashi kenji satoshi akira taro kenta daiki
yuki haruto sakura hanako yoko keiko yumi akiko minsu jihoon seojun jiwoo minjun yuna jimin somchai somsak prasert
wichai malee somying محمد أحمد احمد محمود علي حسن حسين خالد عمر يوسف إبراهيم عبد عبدالله عبدالرحمن سعيد فيصل سامي طارق
مصطفى كريم ناصر فاطمة عائشة مريم زينب ليلى نور سارة هدى أمينة خديجة منى سلمى رانيا دينا ياسمين نورة יוסי יוסף משה דוד
אברהם יעקב יצחק שלמה דניאל אורי אמיר עמית רחל שרה מרים רבקה לאה נועה תמר מיכל יעל שירה राम राज राजेश अमित संजय विजय
सुरेश रमेश मोहन अनिल सुनील रवि सीता गीता अनिता सुनीता प्रिया पूजा नेहा कविता สมชาย สมศักดิ์ ประเสริฐ วิชัย มาลี สมหญิง
สุดา วันดี พรทิพย์ อนุชา ธนา กัญญา นิภา สุภาพร stjepan ivica goran dragan zoran nikola luka ante jovan milos
aleksandar nemanja dusan petar marija jelena milica snezana dragana vesna katarina tamara nevena
"""
GIVEN_NAMES = frozenset(fold(name) for name in _NAMES.split())
_CITIES = """
san santa santo saint sainte st sankt sao new old port fort mount mont lake el la los las le les the university
hotel cafe bar restaurant club school church villa casa city
"""
_HOUSES = """
gmbh ag kg ltd llc inc corp co company group sons bros srl spa sa sas bv ab oy as kft sro plc foods trading
logistics hotel cafe restaurant clinic shop store school street road avenue square hospital airport park city hall
"""
_NOT_BEFORE = frozenset(_CITIES.split())  # what names of cities and houses begin with
_NEVER_IN = frozenset(_HOUSES.split())  # what stands in names of companies and places


def is_of_person(value: str) -> bool:
    """Two to five words with capitals and without digits, of which an outer one is a usual given name."""
    words = value.replace(",", " ").replace(".", " ").split()
    if not 2 <= len(words) <= 5 or any(c.isdigit() or c in "@/:;!?()&+" for c in value):
        return False
    if any(word[0] != word[0].upper() for word in (words[0], words[-1])):
        return False
    spelled = [fold(word).split("-")[0] for word in words]
    if spelled[0] in _NOT_BEFORE or not _NEVER_IN.isdisjoint(spelled):
        return False
    return any(word in GIVEN_NAMES for word in (spelled[0], spelled[1], spelled[-1]))
