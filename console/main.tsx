document.title = 'Pushport'
