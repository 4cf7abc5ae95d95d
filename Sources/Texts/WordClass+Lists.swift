extension WordClass {
    /// The words of each class, written for this project; plurals and past tenses are listed too.
    static let lists: [WordClass: String] = [
        .animal: """
        animal animals ant ants bat bats bear bears bee bees bird birds bug bugs bunny bunnies
        butterfly butterflies camel cat cats chick chicken chickens cow cows crab crabs crow deer
        dinosaur dinosaurs dog dogs dolphin donkey dove dragon dragons duck ducks eagle elephant
        elephants fish fishes fly flies fox foxes frog frogs giraffe goat goats goose hamster hen
        horse horses kitten kittens kitty ladybug lamb lambs lion lions lizard mice monkey monkeys
        mouse octopus ostrich owl owls panda parrot penguin pet pets pig pigs pony ponies puppy
        puppies rabbit rabbits rat rats raven shark sharks sheep snail snake snakes spider spiders
        squirrel squirrels swan tiger tigers toad turtle turtles whale whales wolf wolves worm
        worms zebra
        """,
        .body: """
        arm arms back belly body bone bones brain cheek cheeks chest chin ear ears elbow eye eyes
        face faces finger fingers foot feet forehead hair hand hands head heads heart hearts heel
        hip knee knees leg legs lip lips mouth neck nose paw paws shoulder shoulders skin stomach
        tail tails teeth throat thumb toe toes tongue tooth tummy wing wings wrist
        """,
        .clothing: """
        apron belt boot boots cap cape clothes coat costume dress dresses glove gloves gown hat
        hats jacket jeans mittens pajamas pants pocket robe sandals scarf shirt shirts shoe shoes
        shorts skirt sock socks suit sweater tie trousers uniform vest
        """,
        .colour: """
        beige black blue brown crimson cyan gold golden gray green grey indigo lilac magenta maroon
        navy orange pink purple red scarlet silver tan teal turquoise violet white yellow
        """,
        .country: """
        africa america argentina australia austria belgium brazil britain canada chile china
        colombia cuba denmark egypt england europe finland france germany greece hungary india
        indonesia iran iraq ireland israel italy japan kenya korea mexico morocco nigeria norway
        pakistan peru poland portugal russia scotland spain sweden switzerland turkey ukraine
        vietnam wales
        """,
        .day: "friday monday saturday sunday thursday tuesday wednesday weekend",
        .direction: """
        above backward backwards below down downstairs east forward here inside left north outside
        right south there up upstairs west
        """,
        .emotion: """
        afraid amazed angry annoyed anxious ashamed bored brave calm cheerful confused curious
        delighted disappointed embarrassed excited fear frightened glad grateful grumpy guilty happy
        happiness jealous joy joyful lonely love mad miserable nervous pleased proud relieved sad
        sadness scared shocked shy sorry surprised thankful tired unhappy upset worried
        """,
        .family: """
        aunt baby brother brothers cousin dad daddy daughter daughters family father grandfather
        grandma grandmother grandpa granny husband mama mom mommy mother mum mummy nephew niece papa
        parent parents sister sisters son sons twin twins uncle wife
        """,
        .food: """
        apple apples bacon banana bananas bean beans berries berry biscuit bread breakfast butter
        cake cakes candy candies carrot carrots cereal cheese cherry chocolate coffee cookie cookies
        corn cream dessert dinner drink egg eggs food fruit fruits grape grapes honey jam jelly juice
        lemon lemonade lunch meal meat milk muffin nut nuts onion orange oranges pancake pancakes
        pasta peach pear pepper pie pizza popcorn potato potatoes rice salad salt sandwich
        sandwiches sauce snack snacks soup spaghetti strawberry sugar supper tea toast tomato
        tomatoes treat treats vegetable vegetables water wine yogurt
        """,
        .month: """
        april august december february january july june march may november october september
        """,
        .motion: """
        came climb climbed climbing come crawl crawled dance danced dancing drive drove fall fell
        flew fly flying follow followed go goes going gone hop hopped hopping jump jumped jumping
        march moved move ran ride rode roll rolled run running rush rushed skip skipped slid slide
        swam swim swimming walk walked walking wander wandered went
        """,
        .name: """
        alice amy andrew anna anne ben bella billy bob charlie daisy daniel david ella ellie emily
        emma eva fred george grace harry jack jake james jane jenny jill jim jimmy joe john johnny
        kate kitty lara leo lila lily lisa lucy max maria mark mary mia mike molly nancy oliver
        paul peter sally sam sammy sara sarah sophie spot sue susan tim timmy timothy tina tom
        tommy toby
        """,
        .nature: """
        air beach branch bush bushes cave cloud earth field fire flower flowers forest garden grass
        hill hole island lake leaf leaves moon mountain mountains mud ocean plant plants pond river
        rock rocks rose sand sea seed seeds shore sky stars star stick sticks stone stones stream
        sun tree trees valley water wave waves wood woods world
        """,
        .negation: """
        't ’t cannot neither never no nobody none nor not nothing nowhere without
        """,
        .number: """
        billion eight eighteen eighty eleven fifteen fifty five forty four fourteen hundred million
        nine nineteen ninety one seven seventeen seventy six sixteen sixty ten thirteen thirty
        thousand three twelve twenty two zero
        """,
        .person: """
        boy boys child children clown cook doctor driver farmer fairy fireman friend friends gentleman
        girl girls guy hero kid kids king knight lady ladies man men neighbor nurse officer people
        person pirate policeman prince princess queen sailor servant soldier stranger student
        teacher thief witch wizard woman women
        """,
        .place: """
        barn bathroom bedroom bridge building castle church city door farm field forest garden hall
        home hospital hotel house houses jungle kitchen library market museum office palace park
        playground restaurant road room school shop store street town village yard zoo
        """,
        .preposition: """
        about above across after against along among around at before behind below beneath beside
        between beyond by during for from in inside into near of off on onto outside over through to
        toward towards under until upon with within without
        """,
        .pronoun: """
        he her hers herself him himself his i it its itself me mine my myself our ours ourselves she
        their theirs them themselves they us we you your yours yourself
        """,
        .question: "how what when where which who whom whose why",
        .size: """
        big bigger biggest deep enormous giant gigantic great heavy huge large larger little long
        massive mini narrow short small smaller smallest tall taller thick thin tiny wide
        """,
        .speech: """
        agreed answered ask asked asking asks called cried declared exclaimed explained replied
        reply said say saying says screamed shout shouted speak spoke talk talked talking tell told
        whispered yell yelled
        """,
        .time: """
        afternoon always day days evening hour hours later minute minutes moment month months
        morning never night now often once second seconds sometimes soon suddenly then today
        tomorrow tonight week weeks year years yesterday
        """,
        .toy: """
        ball balls balloon balloons block blocks bubbles doll dolls game games kite lego puppet
        puzzle robot rocket swing teddy toy toys
        """,
        .vehicle: """
        airplane ambulance bicycle bike bikes boat boats bus car cars carriage cart helicopter plane
        rocket scooter ship ships sled submarine taxi tractor train trains truck trucks van wagon
        """,
        .weather: """
        breeze cloud clouds cloudy cold cool fog foggy freezing hot lightning rain rained raining
        rainy snow snowed snowing snowy storm stormy sunny sunshine thunder warm wind windy
        """,
    ]
}
