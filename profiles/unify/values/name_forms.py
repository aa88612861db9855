"""Names and their forms, a name a line, folded: what friends say, and what other languages make of them. Last, the
family names of Korea that their bearers write in several ways."""

FORMS = """
abigail abby gail
alexander alex alec sasha sascha alessandro alejandro
albert al bert bertie
alfred fred alfie
andrew andy drew andreas andre
anthony tony antonio
barbara barb babs
benjamin ben benny benji
bernard bernie
catherine cathy kate katie kathy katherine kathryn cat katharina
charles charlie chuck chas carlos karl
christopher chris kit christoph
christine chrissie christina tina
cynthia cindy
daniel dan danny
david dave davy
deborah deb debbie debby debra
donald don donny
dorothy dot dottie dolly
edward ed eddie ned ted
eleanor ellie nora
elizabeth liz lizzie beth betty eliza lisa libby bess elisabeth
eugene gene
frances fran
francis frank franklin frankie franz francesco francisco paco
frederick freddy freddie friedrich fritz
gabriel gabe
george georgie jorge giorgio georg
gerald gerry
gregory greg
harold hal
henry harry hank heinrich enrico
isabella isabel bella izzy
jacob jake jakob
james jim jimmy jamie
jeffrey jeff geoffrey geoff
jennifer jen jenny jenn
jessica jess jessie
johann hans johannes
john johnny jack jon
jonathan jonny
joseph joe joey jose giuseppe josef sepp pepe
joshua josh
judith judy
kenneth ken kenny
kimberly kim
lawrence larry laurence lorenzo
leonard leo len lenny
margaret maggie meg peggy marge margie greta margarete
martin marty
matthew matt matteo matthias
maria mary marie molly polly
maximilian max
melissa mel missy
michael mike mick mickey mikey michel michele miguel
nancy nan
natalie nat
nathaniel nathan nate
nicholas nick nicky nico nikolaus klaus nicola
pamela pam
patricia pat patty trish tricia
patrick paddy
peter pete pietro pedro
philip phil phillip filippo
raymond ray
rebecca becky becca
richard rick dick rich ricky richie
robert bob bobby rob robbie bert roberto
ronald ron ronnie
samantha sam
samuel sammy
sandra sandy
sebastian seb bastian basti
stephanie steph steffi
stephen steve steven stefan stephan
susan sue susie suzy suzanne
theodore theo teddy
theresa terry tess teresa
thomas tom tommy tomas tommaso
timothy tim timmy
victoria vicky vicki tori
vincent vince vinny
virginia ginny
walter walt wally
william bill billy will willy liam wilhelm guillermo
wolfgang wolf
yekaterina katya
mikhail misha
nikolai kolya
dmitry dima
anna anya annie
ivan vanya
aleksandr alexander aleksander oleksandr sasha sascha shura sanya alik
aleksandra alexandra oleksandra sasha shura
aleksey alexei aleksei oleksiy oleksii alyosha lyosha alexis
anastasiya anastasia nastya nastia stasya
andrey andrei andriy andrii andrew andreas
boris borya borys
darya daria dasha
dmitry dmitriy dmitri dmitrij dmytro dima mitya
ekaterina yekaterina kateryna katerina katya katia kate catherine
elena yelena olena lena helena helen helene elaine
evgeniya yevgeniya evgenia zhenya eugenia
evgeny evgeniy yevgeny yevgeniy yevhen zhenya eugene eugen
fyodor fedor fedir fedya theodore
galina halyna galya
georgy georgiy heorhiy yuriy yury yuri yura zhora george
grigory grigoriy hryhoriy grisha gregory
irina iryna ira irene
ivan vanya john
konstantin kostya kostyantyn constantine
kseniya ksenia oksana xenia ksusha
lyubov lyuba liubov
lyudmila liudmyla ludmila lyuda mila
maria mariya mariia masha marusya mary marie maryam
mikhail mykhailo misha michael
nadezhda nadiya nadya
natalya nataliya natalia natasha nata
nikolay nikolai mykola kolya nicholas
olga olha olya
pavel pavlo pasha paul
pyotr petr petro petya peter
sergey sergei serhiy serhii seryozha serge
sofia sofiya sophia sophie sonya
svetlana svitlana sveta
tatyana tatiana tetyana tanya tania
valentina valya
viktor victor vitya
vladimir volodymyr vova volodya
yuliya yulia iuliia julia julie yulya
johannes johann johan hans hannes jan john jo
heinrich heinz heiner henrik hendrik henry
friedrich fritz frederick fredrik frits
elisabeth elsbeth elsa else lisa lisbeth liesel sisi elizabeth elise betty
katharina katrin kathrin kaethe kathe kaja karin cathrin
margarete margareta margaretha grete gretel greta margit margot margaret
wilhelm willi willy helmut willem wim bill william
karl carl carlo karel charles
ludwig lutz luis louis luigi ludvig
matthias mathias matthew matt mattias thijs
michael michi michel mikael mikkel
christian chris kristian christiaan
christina kristina christine kirsten kristine kirstin tina
joseph josef sepp jupp beppo jozef
georg jorg juergen jurgen jurg goran joris
andreas anders andre
stefan steffen stephan stephen
anton toni antonius anthony
barbara barbel babsi
susanne susi sanne suzanne
ursula uschi ulla
sebastian bastian basti
theresia resi theresa
lars laurits lorenz laurence
niels nils klaus nicolaas niclas nikolaus nicholas
pieter piet peter peer per
cornelis kees cor
jacobus jacob jakob kobus
jose pepe josep joseph chepe
josefa pepa pepita josephine
francisco paco pancho curro kiko fran xisco francis chico
francisca paca paquita
guadalupe lupe lupita
dolores lola lolita
ignacio nacho inaki
manuel manolo manu emanuel emmanuel
manuela manoli
enrique quique kike henry
antonio toni tono anthony
rosario charo
concepcion concha conchita
mercedes merche
consuelo chelo
isabel isa chabela elizabeth
jesus chus chuy
juan juanito john joao xoan joan
guillermo memo william guilherme
eduardo lalo edu edward duarte
alejandro ale alex alexander
alejandra ale sandra alexandra
rafael rafa raphael
santiago santi diego james tiago
sebastian seba
luis lucho louis
carlos charly charles
jorge george
pedro perico peter
miguel migue micky michael
javier javi xavier
gabriel gabi gabo
beatriz bea beatrice
maria mari mary marijo
rosa rosita rosie
teresa tere theresa
cristina cris christina
fernando nando fer ferdinand
roberto beto robert
alberto beto albert
humberto beto
ricardo richard ricky
vicente chente vincent
jean john jeannot
jeanne joan jane janine
francois francis francisque
francoise fanny frances
guillaume guy william
henri henry riton
catherine cathy katia
elisabeth babette
genevieve ginette
jacques jacquot james
stephane steph stephen
frederic fred frederick
philippe phil philip
nicolas nico nicholas
veronique vero veronica
dominique dom dominic
giovanni gianni john giovannino vanni
giuseppe beppe peppe pino joseph
luigi gigi louis
francesco franco checco cecco francis
francesca franca frances
alessandro sandro ale alexander
alessandra sandra ale alexandra
salvatore toto turi
vincenzo enzo vincent
lorenzo enzo renzo lawrence
domenico mimmo dominic
antonio tonino nino anthony
giacomo james jacopo
giorgio george
caterina rina katia catherine
elisabetta betta elisa elizabeth
margherita rita margaret
giovanna gianna vanna joan
roberta roby
stefano stephen
pietro piero peter
paolo paul pablo
aleksandra ola
katarzyna kasia catherine
malgorzata gosia malgosia margaret
joanna asia joan
agnieszka aga agnes
jan janek jas john
stanislaw staszek stan
krzysztof krzysiek christopher
tomasz tomek thomas
wojciech wojtek adalbert
zuzana zuzanna zuzka susan
jiri jirka george
erzsebet bozsi elizabeth
istvan pista stephen
janos jancsi john
laszlo laci ladislaus
muhammad mohammed mohamed mohammad mohamad muhammed muhamed mohd mehmet mhmd mamadou
ahmad ahmed ahmet achmed hmd
hussein husain husayn hossein huseyin hussain hsyn
hasan hassan hsn
yusuf yousef youssef yosef yousuf joseph ywsf
ibrahim abraham ebrahim brhym
ismail ishmael smyl
mustafa mostafa moustafa mstfy
omar umar omer
othman osman uthman usman thmn
ali aly ly
fatima fatma fatemeh fatimah ftmy
aisha ayesha aicha ayse shy
maryam mariam meryem miriam mrym
khadija hatice khadijah khdyjy
zaynab zeinab zeynep zainab zynb
layla leila laila leyla lyly
khalid khaled khld
said saeed saied sayeed syd
qasim kassem kasim qassem kassim qsm
walid waleed oualid wlyd
abdullah abdallah abdulla abdoullah bdllh
abdulrahman abderrahmane abdurrahman
musa moussa moses moshe moishe mwsy
sulayman suleiman soliman suleyman solomon slymn
dawud daoud davut david dwd
nasser naser nasir nsr
salem salim slm
rashid rashed rasheed rshd rshyd
majid majed majeed mjd mjyd
tariq tarek tareq tarik trq
fahad fahd fhd
saud saoud swd
saleh salih slh
yasser yasir yaser ysr
mansour mansoor mansur mnswr
faisal faysal feisal fysl
noura nora nourah nura nwry
reem rim rym
mona muna mny
huda hoda hdy
abeer abir byr
latifa lateefa ltyfy
mahmoud mhmwd
hamid hmd hmyd
hamad hmd
sultan sltn
salman slmn
sami smy
samir smyr
yunus ywns
yassin ysyn
ishaq shq
isa ysy
zakaria zkry
yahya yhyy
harun hrwn
ayoub ywb
nuh nwh
turki trky
bandar bndr
nayef nyf
mishal mshl
talal tll
badr bdr
karim krym
rahim rhym
murtada mrtdy
hamza hmzy
hamdan hmdn
zayed zyd
zaid zyd
jaber jbr
jamal jml
jassim jsm
kamal kml
nabil nbyl
hisham hshm
hani hny
wissam wsm
amin myn
osama smy
ashraf shrf
bilal bll
rami rmy
ziad zyd
sherif shryf
amr mrw
ghassan ghsn
fadi fdy
fares frs
maher mhr
mazen mzn
marwan mrwn
muadh mdh
munir mnyr
nader ndr
rahman rhmn
aziz zyz
razzaq rzq
latif ltyf
qadir qdr
salam slm
sara sry
noor nwr
hind hnd
rima rym
amira myry
iman ymn
ghada ghdy
lina lyn
nada ndy
nadia ndyy
najla njl
yasmin ysmyn
hanan hnn
hessa hsy
jawaher jwhr
dana dny
dina dyn
ruqayya rqyy
salma slmy
samira smyry
shaima shym
safiya sfyy
moza mwzy
munira mnyry
badriya bdryy
rania rny
yitzhak isaac itzik
yaakov jacob yakov
avraham abraham avi
somchai smchay
somying smhying
siddharth sid
venkatesh venkat
krishna krish kris
lee yi rhee
park pak bak
choi choe
jung jeong chung cheong
cho jo
yoon yun youn
jang chang
lim im rim
seo suh
shin sin
ahn an
kwon gwon
ryu yoo yu
noh roh
bae pae
baek paik
heo hur huh
shim sim
ko koh go
hwang whang
moon mun
koo ku gu
"""
